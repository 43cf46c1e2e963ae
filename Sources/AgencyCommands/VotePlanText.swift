// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyJudgment
import AgencySchema
import Foundation

/// A plan of votes, for a person and for a program.
struct VotePlanText {
    let plan: VotePlan
    let pilot: Pilot?
    let price: Double?

    /// What the whole work costs on average with a lead; `nil` without a price.
    private func cost(_ lead: Int) -> Double? { price.map { $0 * plan.samples(aheadBy: lead) } }

    /// The plan in lines.
    var text: String { ([head] + (plan.lead.map(possible) ?? impossible) + notes).joined(separator: "\n") }

    private var head: String {
        let items = pilot.map { " (pilot of \($0.items.count.grouped) items)" } ?? ""
        return "\(plan.steps.grouped) steps · one sample right \(Self.number(plan.mixture.success * 100)) %\(items)"
            + " · acceptable risk \(Self.number(plan.risk * 100)) %"
    }

    private func possible(_ lead: Int) -> [String] {
        [
            "", "vote: {ahead-by: \(lead)}",
            "  samples a step       \(Self.number(plan.samplesAStep(aheadBy: lead)))",
            "  samples in all       \(Self.number(plan.samples(aheadBy: lead)))",
            cost(lead).map { "  cost                 $\(Self.number($0))" },
            "  chance of any error  \(Self.number(plan.chanceOfError(aheadBy: lead) * 100)) %",
        ].compactMap(\.self)
    }

    private var impossible: [String] {
        let most = VotePlan.largestLead
        let left = plan.mixture.failure(aheadBy: most)
        let why =
            plan.mixture.success <= 0.5
            ? "one sample is wrong half of the time or more, and votes make that worse"
            : "with \(most) votes ahead, \(Self.number(left * 100)) % of the steps are still wrong"
        return [
            "", "IMPOSSIBLE: \(why).", "What helps instead:",
            "  - decompose the steps further, so that one sample is right more often",
            "  - a better performer, or several whose errors differ",
            "  - a sound verifier (a compiler, a test): vote: {verify: ROLE}",
            "  - a person at the steps that votes leave open",
        ]
    }

    private var notes: [String] {
        guard let pilot else {
            return [
                "",
                "! Independent errors are assumed. Only a pilot with two samples or more of each item can show whether",
                "  they repeat; where they do, votes are worth far less than this says (--pilot).",
            ]
        }
        guard let correlation = pilot.correlation else {
            return [
                "", "! Whether errors repeat cannot be told from this pilot: take two samples or more of each item.",
            ]
        }
        guard plan.isCorrelated else {
            return ["", "Errors do not repeat in this pilot (correlation \(Self.number(correlation)))."]
        }
        let naive = plan.independentLead.map { "ahead by \($0)" } ?? "no lead"
        return [
            "",
            "! Errors repeat: two samples of one item are wrong together with a correlation of \(Self.number(correlation)).",
            "  The formula for independent samples, \(naive), is not to be believed; a Beta mixture was used.",
        ]
    }

    /// The plan as JSON.
    var json: JSONValue {
        var object: JSONObject = [
            "possible": .bool(plan.lead != nil), "steps": .integer(Int64(plan.steps)),
            "success": .number(plan.mixture.success), "correlation": pilot?.correlation.map { .number($0) } ?? .null,
            "risk": .number(plan.risk), "valid": .number(plan.valid),
            "ahead_by": plan.lead.map { .integer(Int64($0)) } ?? .null,
            "independent_ahead_by": plan.independentLead.map { .integer(Int64($0)) } ?? .null,
            "independence_believable": pilot.map { .bool($0.correlation != nil && !plan.isCorrelated) } ?? .null,
        ]
        if let lead = plan.lead {
            object["samples_a_step"] = .number(plan.samplesAStep(aheadBy: lead))
            object["samples"] = .number(plan.samples(aheadBy: lead))
            object["chance_of_error"] = .number(plan.chanceOfError(aheadBy: lead))
            if let cost = cost(lead) { object["cost"] = .number(cost) }
        }
        return .object(object)
    }

    /// A number with about four digits that count; large ones whole, with commas.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "no end" }
        if abs(value) >= 1000, abs(value) < 1e15 { return Int(value.rounded()).grouped }
        if value != 0, abs(value) < 0.001 { return String(format: "%.2e", value) }
        let digits = abs(value) >= 100 ? 1 : abs(value) >= 10 ? 2 : 4
        var text = String(format: "%.\(digits)f", value)
        while text.hasSuffix("0") { text.removeLast() }
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}
