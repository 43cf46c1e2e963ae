// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import OpenAgency

/// What is run in the benchmarks: the stock architecture for advice, so that instructions have the length of real ones.
enum Board {
    static let brief = Brief(
        name: "measured",
        title: "Decide how the archive is to be moved",
        goals: [goal],
        constraints: ["No file that is there now is changed or removed.", "It can be stopped at any time."],
        document: String(
            repeating: "The archive has grown for nine years, and nobody remembers all that is in it. ",
            count: 24
        )
    )

    static let goal = Goal(
        id: "moved",
        want: "The archive is where it belongs.",
        check: Check(tool: "files.read", arguments: ["path": "note.txt"], expect: .contains("line 3"))
    )

    static func stock() throws -> Architecture {
        try Declaration.readArchitecture(text: Stock.advice, file: "advice.yaml", tools: Tools.manifests)
    }

    /// 5 proposals, 5 critiques, 15 evaluations, 1 explanation: 26 episodes in 4 latencies, when no critique objects.
    static func wide() throws -> Architecture {
        var board = try stock()
        board.flow = board.flow.map { stage in
            guard case .propose(let role, _) = stage else { return stage }
            return .propose(role: role, count: 5)
        }
        return board
    }

    /// One proposal, then an evaluation and an explanation, over and over as the goals are rewritten.
    static func narrow() throws -> Architecture {
        var board = try stock()
        board.flow = board.flow.compactMap { stage in
            switch stage {
            case .propose(let role, _): .propose(role: role, count: 1)
            case .critique: nil
            case .evaluate(let roles): .evaluate(roles: Array(roles.prefix(1)))
            default: stage
            }
        }
        let used = Set(board.flow.flatMap(\.roles))
        board.roles.removeAll { !used.contains($0.name) }
        return board
    }

    /// The cast in which an endpoint plays every role; answers come whole unless told otherwise, as the others ask for them.
    static func cast(
        _ architecture: Architecture,
        url: String,
        delivery: Profile.Delivery = .whole,
        concurrency: Int,
        transport: any HTTPTransport
    ) throws -> Cast {
        let names = Set(architecture.roles.compactMap(\.performer)).sorted { $0.rawValue < $1.rawValue }
        let profiles = names.map { name in
            Profile(
                name: name,
                provider: .openai,
                model: "mock",
                url: url,
                delivery: delivery,
                concurrency: concurrency
            )
        }
        let casting = Casting(profiles: profiles, environment: [:], transport: transport, terminal: nil)
        return Cast(try profiles.map { ($0, try casting.performer(for: $0)) })
    }
}
