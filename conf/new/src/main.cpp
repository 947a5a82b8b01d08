#include "actions.h"

int main(int argc, char** argv) { return actiond::run(site::site(), argc, argv); }
