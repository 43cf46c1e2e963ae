// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyJudgment

/// What came of one sample, as far as a poll needs to know it.
protocol Sampled: Sendable {
    /// What it consumed.
    var usage: Usage { get }
    /// Whether it came to nothing only because the purse could not hold the worst case of one more call.
    var isUnaffordable: Bool { get }
}

/// Draws samples of one question side by side until they are decided.
///
/// As many run at once as the ballot wants; the performer's own limiter and the purse may let fewer. When the ballot
/// closes, what is still under way is cancelled.
struct Poll<Answer: Hashable & Sendable, Sample: Sampled> {
    /// How the answers stand.
    private(set) var ballot: Ballot<Answer>
    /// Whether it ended because the means do not suffice for another sample.
    private(set) var isShort = false

    init(_ rule: VotePolicy.Rule) {
        ballot =
            switch rule {
            case .aheadBy(let lead, let most): Ballot(aheadBy: lead, atMost: most)
            case .majority(let votes, let most): Ballot(majorityOf: votes, atMost: most)
            case .verified(_, let most): Ballot(firstAcceptedOf: most)
            }
    }

    /// Samples until the ballot is decided.
    ///
    /// - Parameters:
    ///   - draw: Draws the sample with this number; a cancelled one returns, and does not throw.
    ///   - take: Takes note of a sample, and returns its answer if it has one that counts; the last argument says whether it
    ///     came when the ballot had closed, so that it counts no more.
    /// - Throws: what `draw` throws; `CancellationError`.
    mutating func hold(
        draw: @escaping @Sendable (Int) async throws -> Sample,
        take: (Int, Sample, _ isLate: Bool) -> Answer?
    ) async throws {
        try await withThrowingTaskGroup(of: (Int, Sample).self) { group in
            var begun = 0
            var inFlight = 0
            var most = Int.max
            var waiting: [Int] = []
            while ballot.isOpen {
                try Task.checkCancellation()
                for _ in 0..<min(ballot.wanted(inFlight: inFlight), max(0, most - inFlight)) {
                    let number = waiting.isEmpty ? begun : waiting.removeFirst()
                    begun = max(begun, number + 1)
                    // A performer in this process often answers without waiting; then nothing needs to be woken.
                    if #available(macOS 26, *) {
                        group.addImmediateTask { (number, try await draw(number)) }
                    } else {
                        group.addTask { (number, try await draw(number)) }
                    }
                    inFlight += 1
                }
                guard let (number, sample) = try await group.next() else { break }
                inFlight -= 1
                if sample.isUnaffordable, inFlight > 0, sample.usage == Usage() {
                    // What the others leave over of their reservations may do for it.
                    waiting.append(number)
                    waiting.sort()
                    most = inFlight
                    continue
                }
                let answer = take(number, sample, false)
                if sample.isUnaffordable {
                    isShort = true
                    break
                }
                if let answer { ballot.count(answer) } else { ballot.discard() }
            }
            group.cancelAll()
            // What is still under way is taken note of too, with whatever it consumed in vain.
            while let (number, sample) = try await group.next() { _ = take(number, sample, true) }
        }
        try Task.checkCancellation()
    }
}
