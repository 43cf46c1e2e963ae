// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

extension Shape where Value == Architecture {
    /// An architecture as a file declares it.
    static var architecture: Shape {
        .mapping("an architecture") { reader in
            let name = reader.required("architecture", .text)
            let about = reader.optional("about", .text)
            let roles = reader.required("roles", .named("role", Role.read))
            let flow = reader.required("flow", .list(of: .stage))
            guard let name, let roles, let flow else { return nil }
            return Architecture(name: name, about: about ?? "", roles: roles, flow: flow)
        }
    }
}

extension Role {
    static func read(_ name: String, _ reader: inout MappingReader) -> Role? {
        let kind = reader.required("kind", Shape<Kind>.word)
        let performer = reader.optional("performer", .text)
        let instructions = reader.optional("instructions", .text)
        let narratives = reader.optional("narratives", .list(of: .text))
        let reads = reader.optional("reads", .list(of: Shape<Input>.word))
        let tools = reader.optional("tools", .list(of: .text))
        let budget = reader.optional("budget", .budget)
        let criteria = reader.optional("criteria", .list(of: .text))
        let sketch = reader.optional("sketch", .text)
        let repairs = reader.optional("repairs", .integer)
        let vote = reader.optional("vote", .vote)
        let state = reader.optional("state", .json)
        let holes = reader.optional("holes", .truth)
        guard let kind else { return nil }
        return Role(
            name: RoleName(name),
            kind: kind,
            performer: performer.map(ProfileName.init(_:)),
            instructions: instructions ?? "",
            narratives: narratives ?? [],
            reads: reads ?? [],
            tools: (tools ?? []).map(ToolName.init(_:)),
            budget: budget ?? Budget(),
            criteria: criteria ?? [],
            sketch: sketch,
            repairs: repairs ?? Role.usualRepairs,
            vote: vote,
            state: state.map(JSONSchema.init(_:)),
            holes: holes == true ? true : nil
        )
    }
}

extension Shape where Value == Budget {
    /// The most that something may consume.
    static var budget: Shape {
        .mapping("a budget") { reader in
            let tokens = reader.optional("tokens", .integer)
            let calls = reader.optional("calls", .integer)
            let seconds = reader.optional("seconds", .number)
            let money = reader.optional("money", .money)
            return Budget(tokens: tokens, calls: calls, seconds: seconds, money: money)
        }
    }
}

extension Shape where Value == Stage {
    static var words: [String] {
        ["propose", "critique", "evaluate", "explain", "iterate", "choose", "enact", "update", "probe"]
    }

    /// A stage: its word, and under it what it needs.
    static var stage: Shape {
        .mapping("a stage") { reader in
            switch reader.onlyKey(among: words) {
            case "propose": reader.required("propose", .propose)
            case "critique": reader.required("critique", .critique)
            case "evaluate": reader.required("evaluate", .evaluate)
            case "explain": reader.required("explain", .explain)
            case "iterate": reader.required("iterate", .iterate)
            case "choose": reader.required("choose", .choose)
            case "enact": reader.required("enact", .enact)
            case "update": reader.required("update", .update)
            case "probe": reader.required("probe", .probe)
            default: nil
            }
        }
    }

    private static var propose: Shape {
        .mapping("propose") { reader in
            let role = reader.required("role", .text)
            let count = reader.optional("count", .integer)
            return role.map { .propose(role: RoleName($0), count: count ?? 1) }
        }
    }

    private static var critique: Shape {
        .mapping("critique") { reader in
            let role = reader.required("role", .text)
            let rounds = reader.optional("rounds", .integer)
            return role.map { .critique(role: RoleName($0), rounds: rounds ?? 1) }
        }
    }

    private static var evaluate: Shape {
        .mapping("evaluate") { reader in
            let roles = reader.required("roles", .list(of: .text))
            reader.fixed("independent", "true", hint: "evaluators never see one another's evaluations")
            return roles.map { .evaluate(roles: $0.map(RoleName.init(_:))) }
        }
    }

    private static var explain: Shape {
        .mapping("explain") { reader in
            reader.required("role", .text).map { .explain(role: RoleName($0)) }
        }
    }

    private static var iterate: Shape {
        .mapping("iterate") { reader in
            let role = reader.required("role", .text)
            let atMost = reader.required("at-most", .integer)
            guard let role, let atMost else { return nil }
            return .iterate(role: RoleName(role), atMost: atMost)
        }
    }

    private static var choose: Shape {
        .mapping("choose") { reader in
            reader.fixed("by", "person", isRequired: true, hint: "people make the choices")
            let expires = reader.optional("expires", .duration)
            let returns = reader.optional("returns", .integer)
            let persons = reader.optional("persons", .integer)
            let within = reader.optional("within", .duration)
            let mandate = reader.optional("mandate", mandate)
            return .choose(
                Choosing(
                    expires: expires ?? Stage.usualExpiry,
                    returns: returns ?? Stage.usualReturns,
                    persons: persons ?? 1,
                    within: within,
                    mandate: mandate
                )
            )
        }
    }

    private static var mandate: Shape<MandateTerms> {
        .mapping("mandate") { reader in
            let success = reader.required("success", .number)
            let cases = reader.optional("cases", .integer)
            let falseGrants = reader.optional("false-grants", .number)
            let stakes = reader.optional("stakes", Shape<Stakes>.word)
            let atLeast = reader.optional("at-least", .number)
            return success.map {
                var terms = MandateTerms(success: $0)
                terms.cases = cases ?? terms.cases
                terms.falseGrants = falseGrants ?? terms.falseGrants
                terms.stakes = stakes ?? terms.stakes
                terms.atLeast = atLeast ?? terms.atLeast
                return terms
            }
        }
    }

    private static var enact: Shape {
        .mapping("enact") { reader in
            let role = reader.required("role", .text)
            reader.fixed("checkpoint", "every-step", hint: "every step can be gone back to")
            reader.fixed("halt-on", "surprise", hint: "set surprise to say how improbable a surprise must be")
            let surprise = reader.optional("surprise", .number)
            let falseAlarms = reader.optional("false-alarms", .number)
            // Who names a rate for the whole plan and nothing for one observation wants that rate.
            let usual = falseAlarms == nil ? Stage.usualSurprise : nil
            return role.map { .enact(role: RoleName($0), surprise: surprise ?? usual, falseAlarms: falseAlarms) }
        }
    }

    private static var update: Shape {
        .mapping("update") { reader in
            let role = reader.required("role", .text)
            let atMost = reader.optional("at-most", .integer)
            return role.map { .update(role: RoleName($0), atMost: atMost ?? 1) }
        }
    }

    private static var probe: Shape {
        .mapping("probe") { reader in
            let role = reader.required("role", .text)
            let times = reader.optional("times", .integer)
            return role.map { .probe(role: RoleName($0), times: times ?? ProbeQuestion.usualTimes) }
        }
    }
}

extension Stage {
    /// Seconds until a choice lapses when the declaration does not say.
    static let usualExpiry = 86400
    /// Times that work may be sent back when the declaration does not say.
    static let usualReturns = 2
    /// How improbable a surprise is when the declaration does not say.
    static let usualSurprise = 0.8
}
