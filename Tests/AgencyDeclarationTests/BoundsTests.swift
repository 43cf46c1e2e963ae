// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import Testing

@Suite struct BoundsTests {
    private let profiles = [
        Profile(
            name: "strong",
            provider: .openai,
            model: "m",
            outputTokens: 1000,
            inputPrice: Money(dollars: 1),
            outputPrice: Money(dollars: 10),
            concurrency: 2
        ),
        Profile(name: "me", provider: .person),
    ]

    private func role(_ name: RoleName, _ kind: Role.Kind, _ budget: Budget) -> Role {
        Role(name: name, kind: kind, performer: kind == .enact ? nil : "strong", budget: budget)
    }

    private func architecture(returns: Int = 0, updates: Int? = nil) -> Architecture {
        let budget = Budget(tokens: 10_000, calls: 4, seconds: 100)
        var flow: [Stage] = [
            .propose(role: "p", count: 3), .critique(role: "c", rounds: 2), .evaluate(roles: ["e", "f"]),
            .explain(role: "x"),
            .choose(expires: 3600, returns: returns),
        ]
        if let updates { flow += [.enact(role: "n", surprise: 0.8), .update(role: "u", atMost: updates)] }
        let roles = [
            role("p", .propose, budget), role("c", .critique, budget), role("e", .evaluate, budget),
            role("f", .redTeam, budget), role("x", .explain, budget), role("n", .enact, Budget()),
            role("u", .update, budget),
        ]
        return Architecture(name: "a", roles: roles, flow: flow)
    }

    private func bounds(_ architecture: Architecture, _ resources: Budget = Budget()) -> Bounds {
        architecture.bounds(for: Brief(name: "b", title: "t", goals: [], resources: resources), profiles: profiles)
    }

    @Test func `one pass counts every episode once`() {
        let bounds = bounds(architecture())
        // 3 proposals, 2 rounds of 3 critiques and 3 refinements, 2 × 3 evaluations, 1 explanation, 5 answers.
        #expect(bounds.episodes == 27)
        #expect(bounds.calls == 108)
        #expect(bounds.tokens == 270_000)
        #expect(bounds.effects == 0)
        // 4 answers of at most 1,000 tokens at $10 a million, the rest at $1.
        #expect(bounds.money == Money(microdollars: 1_242_000))
        // 3 at 2 a time take 2 turns: 2 for proposals, 2 × (2 + 2) for critique, 2 + 2 for evaluation, 1 and 5 to explain.
        #expect(bounds.seconds == 2000)
    }

    @Test func `sending back repeats everything up to the explanation`() {
        let bounds = bounds(architecture(returns: 2))
        // 3 passes of 22 episodes, and the answers.
        #expect(bounds.episodes == 71)
    }

    @Test func `an update is evaluated and explained like one option`() {
        let bounds = bounds(architecture(returns: 1, updates: 3))
        // 2 passes of 22, the answers, and 3 updates of 1 revision, 2 evaluations and 1 explanation.
        #expect(bounds.episodes == 61)
        #expect(bounds.effects == 160)
        #expect(bounds.derivation.contains("propose: p 3 × 10,000 tokens × 2 passes = 60,000 tokens, $0.28"))
        #expect(bounds.derivation.contains("enact: 4 plans × 40 steps = 160 effects"))
        #expect(bounds.derivation.contains("choose: at most 5 choices, each open for 60 min, which is not counted"))
    }

    @Test func `what the brief does not allow is said`() {
        let bounds = bounds(architecture(), Budget(tokens: 269_999, calls: 108, seconds: 10, money: Money(dollars: 1)))
        #expect(
            bounds.exceeded == [
                "tokens: up to 270,000, the brief allows 269,999", "seconds: up to 34 min, the brief allows 10 s",
                "money: up to $1.24, the brief allows $1.00",
            ]
        )
    }

    @Test func `a role without limits gets the usual ones`() {
        var role = Role(name: "r", kind: .propose, performer: "strong")
        #expect(role.limits(performedBy: nil) == Budget(tokens: 100_000, calls: 3, seconds: 900))
        role.tools = ["files.read"]
        #expect(role.limits(performedBy: nil).calls == 12)
        #expect(role.limits(performedBy: profiles[1]).tokens == 0)
        #expect(role.limits(performedBy: profiles[1]).money == .zero)
        role.budget.money = Money(dollars: 0.01)
        #expect(role.limits(performedBy: profiles[0]).money == Money(dollars: 0.01))
    }

    @Test func `money without a known price is unknown, which no allowance covers`() {
        let bounds = architecture().bounds(
            for: Brief(name: "b", title: "t", goals: [], resources: Budget(money: Money(dollars: 9))),
            profiles: []
        )
        #expect(bounds.money == nil)
        #expect(bounds.exceeded == ["money: unknown, the brief allows $9.00"])
    }

    @Test func `absurd numbers stop at the largest instead of trapping`() {
        var absurd = architecture(returns: .max, updates: .max)
        for index in absurd.roles.indices {
            absurd.roles[index].budget = Budget(tokens: .max, calls: .max, seconds: .greatestFiniteMagnitude)
        }
        absurd.flow[0] = .propose(role: "p", count: .max)
        absurd.flow[1] = .critique(role: "c", rounds: .max)
        let bounds = bounds(absurd)
        #expect(bounds.tokens == .max)
        #expect(bounds.effects == .max)
        #expect(bounds.money == Money(microdollars: .max))
        #expect(!bounds.summary.isEmpty)
    }

    @Test func `numbers are grouped for people`() {
        #expect([0, 999, 1000, 1_234_567, -1000].map(\.grouped) == ["0", "999", "1,000", "1,234,567", "-1,000"])
    }
}
