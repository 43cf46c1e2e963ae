// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyReport
import AgencySchema

/// What a crash test found, for people and for programs.
struct RehearsalReport: Sendable {
    let reference: CrashRehearsal.Reference
    let outcomes: [CrashRehearsal.Outcome]
    /// Whether processes were really killed.
    let kills: Bool
    /// The command line that tries one place again.
    let again: @Sendable (RehearsalPoint) -> String

    var failed: [CrashRehearsal.Outcome] { outcomes.filter { !$0.faults.isEmpty } }

    private func sum(_ part: (CrashRehearsal.Outcome) -> Int) -> Int { outcomes.reduce(0) { $0 + part($1) } }

    /// The table, what failed, and the sums.
    var text: String {
        var lines = table
        for one in failed {
            lines.append("✗ killed \(one.point.words)")
            lines += one.faults.prefix(5).map { "    \($0)" }
            lines.append("    kept in \(one.folder)")
            lines.append("    again: \(again(one.point))")
        }
        let how = kills ? "a process killed with SIGKILL" : "broken off"
        lines += [
            "undisturbed: \(reference.records) records, \(reference.account.effects) effects; \(reference.account.outcome)",
            "\(how) at \(outcomes.count) of \(reference.points.count) places and resumed: "
                + "\(outcomes.count - failed.count) came to the same end, \(failed.count) did not",
            "effects lost: \(sum(\.lost)), duplicated: \(sum(\.duplicated)); recorded calls made again: "
                + "\(sum(\.repeated)); calls made again because no answer was recorded: \(sum(\.askedAgain))",
        ]
        return lines.joined(separator: "\n")
    }

    /// A line for each kind of place.
    private var table: [String] {
        var groups: [(name: String, outcomes: [CrashRehearsal.Outcome])] = []
        for outcome in outcomes {
            let name = "\(outcome.point.side.rawValue) \(outcome.point.kind)"
            if let index = groups.firstIndex(where: { $0.name == name }) {
                groups[index].outcomes.append(outcome)
            } else {
                groups.append((name, [outcome]))
            }
        }
        let rows = groups.map { group in
            func sum(_ part: (CrashRehearsal.Outcome) -> Int) -> String {
                "\(group.outcomes.reduce(0) { $0 + part($1) })"
            }
            let effects = Set(group.outcomes.map(\.effects)).sorted()
            let same = group.outcomes.allSatisfy(\.faults.isEmpty)
            return [
                group.name, "\(group.outcomes.count)", effects.map { "\($0)" }.joined(separator: "/"), sum(\.lost),
                sum(\.duplicated), sum(\.repeated), sum(\.askedAgain), same ? "same" : "DIFFERENT",
            ]
        }
        let head = ["killed", "places", "effects", "lost", "twice", "repeated", "asked again", "end state"]
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        return ([head] + rows).map { row in
            row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 || column == row.count - 1 ? row[column] + space : space + row[column]
            }.joined(separator: "  ").trimmingTrailingSpaces
        }
    }

    /// All of it as JSON.
    var json: JSONValue {
        func number(_ value: Int) -> JSONValue { .integer(Int64(value)) }
        return [
            "end": .string(reference.account.outcome), "records": number(reference.records),
            "effects": number(reference.account.effects), "places": number(reference.points.count),
            "killed": number(outcomes.count), "by": kills ? "SIGKILL" : "copy", "lost": number(sum(\.lost)),
            "duplicated": number(sum(\.duplicated)), "repeated": number(sum(\.repeated)),
            "asked_again": number(sum(\.askedAgain)), "failed": number(failed.count),
            "outcomes": .array(
                outcomes.map { one in
                    [
                        "place": .string(one.point.name), "first_record": number(one.point.records.lowerBound),
                        "last_record": number(one.point.records.upperBound), "effects": number(one.effects),
                        "lost": number(one.lost), "duplicated": number(one.duplicated),
                        "repeated": number(one.repeated), "asked_again": number(one.askedAgain),
                        "same_end": .bool(one.faults.isEmpty), "faults": .array(one.faults.map { .string($0) }),
                        "folder": one.faults.isEmpty ? .null : .string(one.folder),
                        "again": one.faults.isEmpty ? .null : .string(again(one.point)),
                    ]
                }
            ),
        ]
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String { String(reversed().drop { $0 == " " }.reversed()) }
}
