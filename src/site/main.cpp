#include "cli/run.h"
#include "site/actions.h"

int main(int argc, char** argv) { return actiond::run(actiond::site::site(), argc, argv); }
