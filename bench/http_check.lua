-- SPDX-License-Identifier: Apache-2.0
-- For wrk: POST /v1/check with the plans of a file in turn, one or many a request.
--
--     wrk -s http_check.lua URL -- PLANS TOKEN PLANS_A_REQUEST
--
-- Ends with one line for http_check.py: requests, microseconds, errors, p50 and p99 in microseconds.
local requests = {}
local turn = 0

function init(args)
    local batch = tonumber(args[3])
    local headers = {
        ["Authorization"] = "Bearer " .. args[2],
        ["Content-Type"] = batch > 1 and "application/x-ndjson" or "application/geo+json",
    }
    local lines = {}
    for line in io.lines(args[1]) do
        lines[#lines + 1] = line
        if #lines == batch then
            requests[#requests + 1] =
                wrk.format("POST", "/v1/check", headers, table.concat(lines, "\n"))
            lines = {}
        end
    end
end

function request()
    turn = turn % #requests + 1
    return requests[turn]
end

function done(summary, latency)
    local e = summary.errors
    io.write(string.format("figures %d %d %d %d %d\n", summary.requests, summary.duration,
        e.connect + e.read + e.write + e.status + e.timeout,
        latency:percentile(50), latency:percentile(99)))
end
