#include "cli/run.h"
#include "sample/sample.h"

int main(int argc, char** argv) { return actiond::run(actiond::sample::site(), argc, argv); }
