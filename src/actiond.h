// All that the actions of a site include.
#pragma once

#include "access/own.h"
#include "action/declare.h"
#include "action/webhook.h"
#include "base/crypto.h"
#include "base/encoding.h"
#include "cli/run.h"
#include "data/listing.h"
#include "store/outbox.h"
