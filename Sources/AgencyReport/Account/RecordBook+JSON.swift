// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencyJudgment
public import AgencySchema

extension RecordBook {
    /// The records for programs.
    public func json(runs: Int) -> JSONValue {
        [
            "runs": .integer(Int64(runs)), "records": .array(entries.map(\.json)),
            "probes": .array(comparisons.map(\.json)),
        ]
    }
}

extension RoleDrift {
    /// The comparison for programs; the evidence as its natural logarithm.
    public var json: JSONValue {
        func who(_ key: RecordKey) -> JSONValue {
            ["performer": .string(key.performer), "prompt": .string(key.prompt), "work": .string(key.work)]
        }
        return [
            "role": .string(role.rawValue), "was": who(was), "now": who(now), "drift": .bool(isDrift),
            "log_evidence": .number(logE), "alpha": .number(Self.alpha), "pairs": .integer(Int64(pairs)),
            "question": .string(question), "run": .string(run.rawValue), "since": .integer(sinceMilliseconds),
            "words": .string(words),
        ]
    }
}

extension RecordBook.Entry {
    fileprivate var json: JSONValue {
        func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
        func interval(_ interval: Interval?) -> JSONValue {
            interval.map { ["low": .number($0.low), "high": .number($0.high)] } ?? .null
        }
        return [
            "role": .string(key.role), "performer": .string(key.performer), "prompt": .string(key.prompt),
            "task": .string(key.task), "work": .string(key.work), "since": .integer(sinceMilliseconds),
            "settled": .integer(Int64(record.count)), "unsettled": .integer(Int64(unsettled)),
            "missing": .integer(Int64(missing)), "disputed": .integer(Int64(disputed)),
            "advisory": .bool(record.isAdvisory), "brier": number(record.brierScore),
            "brier_interval": interval(record.brierScoreInterval), "log": number(record.logScore),
            "log_interval": interval(record.logScoreInterval), "rate": number(record.rate),
            "sharpness": number(record.sharpness), "calibration_error": number(record.calibrationError),
            "too_far_off": .bool(surprise.haltsRun),
            "expected": [
                "brier": .number(expected.brier), "log": .number(expected.log), "own_share": .number(expected.ownShare),
            ],
            "curve": .array(
                record.curve.map { point in
                    [
                        "forecast": .number(point.forecast), "frequency": .number(point.frequency),
                        "count": .integer(Int64(point.count)), "interval": interval(point.interval),
                    ]
                }
            ),
        ]
    }
}
