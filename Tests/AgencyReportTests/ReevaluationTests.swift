// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import Testing

struct ReevaluationTests {
    @Test func `after the goals were rewritten, only what was said since counts`() throws {
        var fixture = try Fixture.waiting()
        let edited = GoalsEdited(
            goals: fixture.state.goals,
            person: "uid 1000",
            identifiedBy: "terminal",
            reason: "again"
        )
        fixture.record(.goalsEdited(edited))
        let order = try #require(fixture.state.dueOrders().first { $0.subject == "p1" && $0.role == "costs" })
        let reference = ArtefactReference(Digest(of: "x"))
        fixture.record(.episodeStarted(EpisodeStarted(order: order, prompt: reference, performer: "small")))
        let failed = EpisodeFailed(
            episode: order.id,
            code: "timeout",
            message: "too slow",
            transcript: reference,
            usage: Usage(),
            milliseconds: 1
        )
        fixture.record(.episodeFailed(failed))
        let lines = OptionsText(fixture.state).text(width: 80).split(separator: "\n")
        let effort = try #require(lines.firstIndex { $0.hasPrefix("  effort") })
        #expect(lines[effort + 1].split(separator: " ") == ["costs", "✕", "…", "…"])
        #expect(lines.contains { $0.contains("✕ costs on p1: timeout: too slow") })
    }
}
