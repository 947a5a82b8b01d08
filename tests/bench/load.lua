-- wrk: sends METHOD with BODY, and with each line of the file COOKIES in turn as the session; '#' in
-- BODY becomes the line's number in 8 digits.  Prints what was counted as one line of JSON.
local requests = {}
at = 0

function setup(thread)
  at = at + 499  -- the threads do not send the same sessions at the same time
  thread:set("at", at)
end

-- Every request is made before the first is sent: the load costs the same whoever answers.
function init()
  local body = os.getenv("BODY")
  wrk.method = os.getenv("METHOD")
  wrk.headers["Accept"] = "application/json"
  wrk.headers["Origin"] = os.getenv("ORIGIN")
  if body ~= "" then wrk.headers["Content-Type"] = "application/x-www-form-urlencoded" end
  for session in io.lines(os.getenv("COOKIES")) do
    if session ~= "" then wrk.headers["Cookie"] = "session=" .. session end
    local sent = body ~= "" and body:gsub("#", string.format("%08d", #requests + 1)) or nil
    requests[#requests + 1] = wrk.format(nil, nil, nil, sent)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"answers":%d,"seconds":%.6f,"p50_ms":%.4f,"p99_ms":%.4f,"p999_ms":%.4f,' ..
    '"over_399":%d,"broken":%d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, latency:percentile(99.9) / 1e3, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
