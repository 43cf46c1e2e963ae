// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import OpenAgency

/// A board of very many roles: how long it takes to read and check it, and the check by itself.
enum CheckCost {
    static func measure(roles: Int, count: Int) throws {
        let sheets = Sheets(
            architecture: .init(file: "wide.yaml", text: Declaration.print(board(roles: roles))),
            brief: .init(file: "brief.md", text: Stock.brief),
            profiles: .init(file: "agency.yaml", text: Stock.profiles),
            tools: Tools.manifests
        )
        guard let architecture = Declaration.check(sheets).architecture, architecture.roles.count == roles else {
            throw UsageFault("a board of \(roles) roles cannot be read")
        }
        guard architecture.faults(tools: Tools.manifests).isEmpty else { throw UsageFault("the board has errors") }
        let whole = Sample((0..<count).map { _ in seconds { _ = Declaration.check(sheets) } })
        let alone = Sample(
            (0..<count).map { _ in seconds { _ = architecture.findings(tools: Tools.manifests, profiles: []) } }
        )
        let name = "a board of \(roles) roles"
        Figure.report("\(name): read from YAML and checked, p50", whole.median * 1e3, "ms")
        Figure.report("\(name): checked, p50", alone.median * 1e3, "ms")
    }

    /// A board with one role of each kind, and judges for the rest.
    private static func board(roles: Int) -> Architecture {
        func role(_ name: RoleName, _ kind: Role.Kind, _ reads: [Role.Input]) -> Role {
            var role = Role(name: name, kind: kind, performer: "strong", instructions: "Do it.", reads: reads)
            role.tools = ["files.read", "sqlite.query"]
            role.budget = Budget(tokens: 10_000, calls: 8, seconds: 60)
            if kind == .evaluate { role.criteria = ["safety", "cost"] }
            return role
        }
        let judges = (1...max(1, roles - 5)).map { role("judge\($0)", .evaluate, [.brief, .proposal, .changes]) }
        let others = [
            role("writer", .propose, [.brief, .actions, .tree, .proposal, .critique]),
            role("critic", .critique, [.brief, .proposal]),
            role("teller", .explain, [.brief, .proposals, .evaluations, .changes]),
            Role(name: "enactor", kind: .enact),
            role("reviser", .update, [.brief, .actions, .proposal, .observations]),
        ]
        let flow: [Stage] = [
            .propose(role: "writer", count: 2), .critique(role: "critic", rounds: 1),
            .evaluate(roles: judges.map(\.name)), .explain(role: "teller"), .choose(expires: 3600, returns: 1),
            .enact(role: "enactor", surprise: 0.8), .update(role: "reviser", atMost: 2),
        ]
        return Architecture(name: "wide", roles: others + judges, flow: flow)
    }
}
