// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyJudgment
import AgencySchema

/// How the samples of one role were counted in a run, and how independent they were.
struct VoteFigures: Hashable, Sendable {
    var role: String
    var ballots = 0
    var samples = 0
    var discarded = 0
    var undecided = 0
    /// How many independent samples they are worth at most; `nil` when that cannot be told.
    var effective: EffectiveVotes?

    /// The figures of every role that is voted on, in the order of declaration.
    static func all(of state: RunState) -> [VoteFigures] {
        let records = state.episodeOrder.compactMap { state.episodes[$0] }
        return (state.architecture?.roles ?? []).compactMap { role in
            let ballots = records.filter { $0.order.role == role.name }.compactMap(\.ballot)
            guard !ballots.isEmpty else { return nil }
            return VoteFigures(
                role: role.name.rawValue,
                ballots: ballots.count,
                samples: ballots.reduce(0) { $0 + $1.samples.count },
                discarded: ballots.reduce(0) { $0 + $1.samples.count - $1.votes },
                undecided: ballots.count { $0.winner == nil },
                effective: EffectiveVotes.estimated(ballots: ballots.map { $0.samples.compactMap(\.answer) })
            )
        }
    }

    /// The figures in a line: `auditor: 9 ballots, 31 samples, 2 discarded, 1 undecided, at most 2.1 of 3 votes independent`.
    var line: String {
        let parts = [
            ballots.counted("ballot"), samples.counted("sample"), discarded > 0 ? "\(discarded) discarded" : nil,
            undecided > 0 ? "\(undecided) undecided" : nil,
            effective.map { "at most \($0.count.tenths) of \($0.voters.tenths) votes independent" },
        ]
        return "\(role): " + parts.compactMap(\.self).joined(separator: ", ")
    }

    /// What to say where most of the votes bring nothing.
    var warning: String? {
        guard let effective, effective.isWarning else { return nil }
        return
            "Its \(effective.voters.tenths) votes a question are worth at most \(effective.count.tenths) independent ones: "
            + "its errors repeat, and more votes of the same performer will not find them. Vary the narrative or the "
            + "performer, or use a verifier."
    }
}

extension Double {
    /// The number with at most one decimal: `2.1`, `3`.
    fileprivate var tenths: String { ((self * 10).rounded() / 10).shortText }
}
