// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema

extension Declaration {
    /// Prints an architecture as YAML that reads back equal.
    public static func print(_ architecture: Architecture) -> String {
        var entries = YAMLEntries()
        entries.add("architecture", .text(architecture.name))
        entries.add("about", architecture.about)
        entries.add("roles", .mapping(architecture.roles.map { YAMLTree.Entry($0.name.rawValue, $0.tree) }))
        entries.add("flow", .list(architecture.flow.map(\.tree)))
        return YAMLPrinter.print(entries.tree)
    }

    /// Prints a brief as Markdown under a head of YAML, which reads back equal.
    public static func print(_ brief: Brief) -> String {
        var entries = YAMLEntries()
        entries.add("brief", .text(brief.name))
        entries.add("title", .text(brief.title))
        entries.add("stakes", .bare(brief.stakes.rawValue))
        entries.add("goals", .list(brief.goals.map(\.tree)))
        entries.add("constraints", brief.constraints)
        entries.add("resources", brief.resources.tree)
        entries.add("state", brief.state.map { YAMLTree($0) })
        let mandates = (brief.mandates ?? []).compactMap { try? JSONValue(encoding: $0) }
        if !mandates.isEmpty { entries.add("mandates", .list(mandates.map { YAMLTree($0) })) }
        if let questions = brief.questions, !questions.isEmpty {
            entries.add("questions", .list(questions.map(\.tree)))
        }
        return BriefParts.fence + "\n" + YAMLPrinter.print(entries.tree) + BriefParts.fence + "\n" + brief.document
    }

    /// Prints a tree of goals as YAML that reads back equal, for a person to edit.
    public static func printGoals(_ goals: [Goal]) -> String { YAMLPrinter.print(.list(goals.map(\.tree))) }

    /// Prints profiles as YAML that reads back equal.
    public static func print(_ profiles: [Profile]) -> String {
        var entries = YAMLEntries()
        entries.add("profiles", .mapping(profiles.map { YAMLTree.Entry($0.name.rawValue, $0.tree) }))
        return YAMLPrinter.print(entries.tree)
    }

    /// Prints what was decided about rules and findings as YAML that reads back equal.
    public static func print(_ settings: CheckSettings) -> String {
        var severities = YAMLEntries()
        for setting in settings.severities {
            let tree: [YAMLTree.Entry] = [
                .init("severity", .bare(setting.severity.rawValue)), .init("reason", .text(setting.reason)),
            ]
            severities.add(setting.rule, .mapping(tree))
        }
        let accepted = settings.accepted.map { acceptance in
            YAMLTree.mapping([
                .init("rule", .text(acceptance.rule)), .init("fingerprint", .text(acceptance.fingerprint)),
                .init("reason", .text(acceptance.reason)),
            ])
        }
        var entries = YAMLEntries()
        entries.add("severities", severities.tree)
        entries.add("accepted", .list(accepted))
        return YAMLPrinter.print(entries.tree)
    }
}

extension Role {
    fileprivate var tree: YAMLTree {
        var entries = YAMLEntries()
        entries.add("kind", .bare(kind.rawValue))
        entries.add("performer", performer.map { .text($0.rawValue) })
        entries.add("instructions", instructions)
        entries.add("narratives", narratives)
        entries.add("reads", reads.map(\.rawValue))
        entries.add("tools", tools.map(\.rawValue))
        entries.add("budget", budget.tree)
        entries.add("criteria", criteria)
        entries.add("sketch", sketch.map { .text($0) })
        if repairs != Role.usualRepairs { entries.add("repairs", .integer(repairs)) }
        entries.add("state", state.map { YAMLTree($0.json) })
        if holes == true { entries.add("holes", .bare("true")) }
        entries.add("vote", vote?.tree)
        return entries.tree
    }
}

extension VotePolicy {
    fileprivate var tree: YAMLTree {
        var entries = YAMLEntries()
        switch rule {
        case .aheadBy(let lead, let most):
            entries.add("ahead-by", .integer(lead))
            if most != Rule.usualMost(lead: lead) { entries.add("at-most", .integer(most)) }
        case .majority(let votes, let most):
            entries.add("majority", .integer(votes))
            if most != votes { entries.add("at-most", .integer(most)) }
        case .verified(let role, let most):
            entries.add("verify", .text(role.rawValue))
            if most != Rule.usualTries { entries.add("at-most", .integer(most)) }
        }
        if let bytes = flags.bytes {
            entries.add("flags", .mapping([YAMLTree.Entry("bytes", .integer(bytes))]))
        }
        if !sameWhen.isEmpty { entries.add("same-when", .list(sameWhen.map { .text($0.description) })) }
        return entries.tree
    }
}

extension Budget {
    fileprivate var tree: YAMLTree? {
        var entries = YAMLEntries()
        entries.add("tokens", tokens.map { .integer($0) })
        entries.add("calls", calls.map { .integer($0) })
        entries.add("seconds", seconds.map { .number($0) })
        entries.add("money", money.map { .bare($0.decimalText) })
        return entries.entries.isEmpty ? nil : entries.tree
    }
}

extension Stage {
    fileprivate var tree: YAMLTree {
        var entries = YAMLEntries()
        switch self {
        case .propose(let role, let count):
            entries.add("role", .text(role.rawValue))
            entries.add("count", .integer(count))
        case .critique(let role, let rounds):
            entries.add("role", .text(role.rawValue))
            entries.add("rounds", .integer(rounds))
        case .evaluate(let roles):
            entries.add("roles", .texts(roles.map(\.rawValue)))
            entries.add("independent", .bare("true"))
        case .explain(let role): entries.add("role", .text(role.rawValue))
        case .choose(let choosing):
            entries.add("by", .bare("person"))
            if choosing.persons != 1 { entries.add("persons", .integer(choosing.persons)) }
            entries.add("within", choosing.within.map { .bare(Durations.text($0)) })
            entries.add("expires", .bare(Durations.text(choosing.expires)))
            entries.add("returns", .integer(choosing.returns))
            entries.add("mandate", choosing.mandate?.tree)
        case .enact(let enacting):
            entries.add("role", .text(enacting.role.rawValue))
            entries.add("checkpoint", .bare("every-step"))
            entries.add("halt-on", .bare("surprise"))
            entries.add("surprise", enacting.surprise.map { .number($0) })
            entries.add("false-alarms", enacting.falseAlarms.map { .number($0) })
        case .update(let role, let atMost), .iterate(let role, let atMost):
            entries.add("role", .text(role.rawValue))
            entries.add("at-most", .integer(atMost))
        case .probe(let role, let times):
            entries.add("role", .text(role.rawValue))
            entries.add("times", .integer(times))
        }
        return .mapping([YAMLTree.Entry(word, entries.tree)])
    }
}

extension MandateTerms {
    fileprivate var tree: YAMLTree {
        var entries = YAMLEntries()
        entries.add("success", .number(success))
        entries.add("cases", .integer(cases))
        entries.add("false-grants", .number(falseGrants))
        entries.add("stakes", .bare(stakes.rawValue))
        entries.add("at-least", .number(atLeast))
        return entries.tree
    }
}

extension Goal {
    fileprivate var tree: YAMLTree {
        var entries = YAMLEntries()
        entries.add("id", .text(id.rawValue))
        entries.add("want", .text(want))
        entries.add("check", check?.tree)
        if !goals.isEmpty { entries.add("goals", .list(goals.map(\.tree))) }
        return entries.tree
    }
}

extension Check {
    fileprivate var tree: YAMLTree {
        var entries = YAMLEntries()
        entries.add("tool", .text(tool.rawValue))
        entries.add("arguments", YAMLTree(arguments))
        entries.add("expect", expect.tree)
        return entries.tree
    }
}

extension Expectation {
    fileprivate var tree: YAMLTree {
        switch self {
        case .exitStatus(let status): .mapping([YAMLTree.Entry("exit-status", .integer(status))])
        case .equals(let text): .mapping([YAMLTree.Entry("equals", .text(text))])
        case .contains(let text): .mapping([YAMLTree.Entry("contains", .text(text))])
        case .atLeast(let bound): .mapping([YAMLTree.Entry("at-least", .number(bound))])
        case .atMost(let bound): .mapping([YAMLTree.Entry("at-most", .number(bound))])
        }
    }
}

extension Profile {
    fileprivate var tree: YAMLTree {
        let usual = Profile(name: name, provider: provider)
        var entries = YAMLEntries()
        entries.add("provider", .bare(provider.rawValue))
        entries.add("model", model)
        entries.add("url", url.map { .text($0) })
        entries.add("key-variable", keyVariable.map { .text($0) })
        entries.add("command", command)
        if lifetime != usual.lifetime { entries.add("lifetime", .bare(lifetime.rawValue)) }
        entries.add("temperature", temperature.map { .number($0) })
        if outputTokens != usual.outputTokens { entries.add("output-tokens", .integer(outputTokens)) }
        if structure != usual.structure { entries.add("structure", .bare(structure.rawValue)) }
        if delivery != usual.delivery { entries.add("delivery", .bare(delivery.rawValue)) }
        if inputPrice != usual.inputPrice || outputPrice != usual.outputPrice {
            let prices = [("input", inputPrice), ("output", outputPrice)]
            entries.add("prices", .mapping(prices.map { YAMLTree.Entry($0.0, .bare($0.1.decimalText)) }))
        }
        if concurrency != usual.concurrency { entries.add("concurrency", .integer(concurrency)) }
        entries.add("requests-per-minute", requestsPerMinute.map { .integer($0) })
        if idleSeconds != usual.idleSeconds { entries.add("idle-seconds", .number(idleSeconds)) }
        if overallSeconds != usual.overallSeconds { entries.add("overall-seconds", .number(overallSeconds)) }
        return entries.tree
    }
}
