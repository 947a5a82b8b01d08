// A snapshot as Prometheus scrapes it, text format 0.0.4.
// https://prometheus.io/docs/instrumenting/exposition_formats/
#pragma once

#include <string>
#include <string_view>

#include "pool/status/snapshot.h"

namespace actiond {

constexpr std::string_view metrics_type = "text/plain; version=0.0.4; charset=utf-8";

std::string to_metrics(const Snapshot& snapshot);

}  // namespace actiond
