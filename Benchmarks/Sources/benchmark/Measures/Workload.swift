// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import OpenAgency

/// What each of many runs does, until a person is to choose.
struct Workload: Sendable {
    /// What its episodes are called in figures.
    let name: String
    let architecture: Architecture
    /// The calls of a run.
    let episodes: Int
    /// Those that wait for one another.
    let latencies: Int
    /// What the run of a number is about.
    let brief: @Sendable (_ number: Int) -> Brief
    /// How many episodes of a run have come to what was wanted.
    let completed: @Sendable (RunState) -> Int

    /// The prompts and answers of a line or two, in the shape in which others were measured.
    static let small = Workload(
        name: "small episodes",
        architecture: SmallBoard.architecture,
        episodes: SmallBoard.episodes,
        latencies: SmallBoard.latencies,
        brief: SmallBoard.brief,
        completed: SmallBoard.completed
    )

    /// The stock architecture with five proposals: prompts of 8 to 12 KiB, plans with forecasts, and a critique of each.
    static func stock() throws -> Workload {
        Workload(
            name: "episodes",
            architecture: try Board.wide(),
            episodes: 26,
            latencies: 4,
            brief: { _ in Board.brief },
            completed: { $0.episodes.values.count { $0.status == .completed } }
        )
    }
}
