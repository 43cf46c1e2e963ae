// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
public import AgencySchema

extension SimulatedRun {
    /// The output of an episode, valid for its task.
    ///
    /// The task is told by the name of the episode, which is made of the cycle, the task, the role and the subject.
    public func output(of episode: EpisodeID) -> JSONValue {
        let parts = episode.rawValue.split(separator: ".").map(String.init)
        var generator = SplitMix64(seed: parts.flatMap(\.utf8).reduce(seed) { ($0 &* 1_099_511_628_211) ^ UInt64($1) })
        switch parts.count > 1 ? parts[1] : "" {
        case "propose": return Self.proposal("Proposal \(parts.last ?? "")", Self.steps(&generator, forecast: 2))
        case "refine": return Self.proposal("Mended \(parts[3])", Self.steps(&generator, forecast: 2))
        case "revise": return Self.proposal("Revised", Self.steps(&generator, forecast: 1))
        case "critique": return Self.critique(objections: Bool.random(using: &generator) ? ["no margin"] : [])
        case "evaluate":
            let criteria = architecture.role(RoleName(parts[2]))?.criteria ?? []
            return Self.evaluation(criteria, &generator)
        default: return Self.explanation("The options differ little.", quoting: brief.title, in: "brief")
        }
    }

    /// A proposal as an episode writes it.
    public static func proposal(
        _ title: String,
        _ steps: [Step],
        assumptions: [String] = [],
        dissent: String? = nil
    ) -> JSONValue {
        [
            "title": .string(title), "summary": .string("Because it is \(title.lowercased())."),
            "assumptions": .array(assumptions.map { .string($0) }),
            "steps": .array(steps.map { (try? JSONValue(encoding: $0)) ?? .null }),
            "dissent": dissent.map { .string($0) } ?? .null,
        ]
    }

    /// A critique as an episode writes it.
    public static func critique(objections: [String], suggestions: [String] = [], dissent: String? = nil) -> JSONValue {
        [
            "objections": .array(objections.map { objection($0, .minor, step: "s1") }),
            "suggestions": .array(suggestions.map { .string($0) }), "dissent": dissent.map { .string($0) } ?? .null,
        ]
    }

    /// An evaluation as an episode writes it.
    public static func evaluation(
        scores: [(criterion: String, value: Double?)],
        probability: Double?,
        objections: [(statement: String, severity: Objection.Severity)] = [],
        dissent: String? = nil
    ) -> JSONValue {
        let scores: [JSONValue] = scores.map {
            [
                "criterion": .string($0.criterion), "reason": "so it seems",
                "value": $0.value.map { .number($0) } ?? .null,
            ]
        }
        return [
            "summary": "It was looked at.", "scores": .array(scores),
            "objections": .array(objections.map { objection($0.statement, $0.severity, step: nil) }),
            "probability": probability.map { .number($0) } ?? .null, "dissent": dissent.map { .string($0) } ?? .null,
        ]
    }

    /// An explanation or an answer as an episode writes it, with one claim that quotes an input.
    public static func explanation(_ summary: String, quoting words: String, in record: String) -> JSONValue {
        let citation: JSONValue = ["record": .string(record), "quote": .string(words)]
        return [
            "summary": .string(summary),
            "claims": [["text": "It is about what was asked.", "citations": [citation]]], "dissent": nil,
        ]
    }

    /// The steps that write the three notes; the second forecasts how many lines its note will have.
    public static func steps(first: String, second: String, third: String, forecast: Int) -> [Step] {
        [
            Step(
                id: "s1",
                intent: "Write the first note.",
                action: SimulatedWorld.append("a.txt", first),
                forecasts: [
                    Forecast(statement: "a.txt has a line", check: SimulatedWorld.lines("a.txt", 1), probability: 0.9)
                ]
            ),
            Step(
                id: "s2",
                intent: "Write the second note.",
                action: SimulatedWorld.append("b.txt", second),
                forecasts: [
                    Forecast(
                        statement: "b.txt has \(forecast) lines",
                        check: SimulatedWorld.lines("b.txt", forecast),
                        probability: 0.95
                    )
                ],
                after: ["s1"]
            ),
            Step(
                id: "s3",
                intent: "Write the third note.",
                action: SimulatedWorld.write("c.txt", third),
                forecasts: [
                    Forecast(
                        statement: "c.txt is there",
                        check: SimulatedWorld.holds("c.txt", "third"),
                        probability: 0.97
                    )
                ],
                after: ["s2"]
            ),
        ]
    }

    private static func steps(_ generator: inout SplitMix64, forecast: Int) -> [Step] {
        let word = String(UInt16.random(in: 0...999, using: &generator))
        // The first step is the same in every plan, so that it can stay done when the plan is revised.
        return steps(first: "first", second: "second \(word)", third: "third \(word)", forecast: forecast)
    }

    private static func evaluation(_ criteria: [String], _ generator: inout SplitMix64) -> JSONValue {
        var scores: [(criterion: String, value: Double?)] = []
        for criterion in criteria { scores.append((criterion, Double(Int.random(in: 0...20, using: &generator)) / 2)) }
        let probability = Double(Int.random(in: 50...95, using: &generator)) / 100
        let isOpposed = Int.random(in: 0..<4, using: &generator) == 0
        return evaluation(
            scores: scores,
            probability: probability,
            objections: isOpposed ? [("it may not last", .serious)] : [],
            dissent: isOpposed ? "Wait a day." : nil
        )
    }

    private static func objection(_ statement: String, _ severity: Objection.Severity, step: String?) -> JSONValue {
        [
            "severity": .string(severity.rawValue), "statement": .string(statement), "evidence": "the plan itself",
            "step": step.map { .string($0) } ?? .null,
        ]
    }
}
