// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

extension Shape where Value == Brief {
    /// The head of a brief.
    static func brief(document: String) -> Shape {
        .mapping("a brief") { reader in
            let name = reader.required("brief", .text)
            let title = reader.required("title", .text)
            let stakes = reader.optional("stakes", Shape<Stakes>.word)
            let goals = reader.required("goals", .goals)
            let constraints = reader.optional("constraints", .list(of: .text))
            let resources = reader.optional("resources", .budget)
            let state = reader.optional("state", .json)
            let mandates = reader.optional("mandates", .mandates)
            let questions = reader.optional("questions", .questions)
            guard let name, let title, let goals else { return nil }
            return Brief(
                name: name,
                title: title,
                goals: goals,
                constraints: constraints ?? [],
                stakes: stakes ?? .moderate,
                resources: resources ?? Budget(),
                document: document,
                state: state,
                mandates: mandates,
                questions: questions
            )
        }
    }
}

extension Shape where Value == [Goal] {
    /// A tree of goals.
    static var goals: Shape { .list(of: .goal) }
}

extension Shape where Value == Goal {
    /// A goal and those that it consists of.
    static var goal: Shape {
        .mapping("a goal") { reader in
            let id = reader.required("id", .text)
            let want = reader.required("want", .text)
            let check = reader.optional("check", .check)
            let goals = reader.optional("goals", .goals)
            guard let id, let want else { return nil }
            return Goal(id: GoalID(id), want: want, check: check, goals: goals ?? [])
        }
    }
}

extension Shape where Value == Check {
    /// A look and what it should show.
    static var check: Shape {
        .mapping("a check") { reader in
            let tool = reader.required("tool", .text)
            let arguments = reader.optional("arguments", .arguments)
            let expect = reader.required("expect", .expectation)
            guard let tool, let expect else { return nil }
            return Check(tool: ToolName(tool), arguments: arguments ?? [:], expect: expect)
        }
    }
}

extension Shape where Value == JSONValue {
    /// The arguments of a tool.
    static var arguments: Shape {
        Shape { node, faults in
            if case .mapping = node.content { return node.json(faults) }
            let hint = "write the arguments as {name: value}"
            faults.add(node.mark, "\(node.kind) where arguments are wanted", hint: hint)
            return nil
        }
    }
}

extension Shape where Value == Expectation {
    static var words: [String] { ["exit-status", "equals", "contains", "at-least", "at-most"] }

    /// What a look should show: exactly one of the five.
    static var expectation: Shape {
        .mapping("an expectation") { reader in
            switch reader.onlyKey(among: words) {
            case "exit-status": reader.required("exit-status", .integer).map { .exitStatus($0) }
            case "equals": reader.required("equals", .text).map { .equals($0) }
            case "contains": reader.required("contains", .text).map { .contains($0) }
            case "at-least": reader.required("at-least", .number).map { .atLeast($0) }
            case "at-most": reader.required("at-most", .number).map { .atMost($0) }
            default: nil
            }
        }
    }
}
