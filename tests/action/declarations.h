// All that the cases of must_not_compile.cpp include: compiled once for all of them.
#pragma once

#include <string>

#include "access/own.h"
#include "access/session.h"
#include "action/declare.h"
