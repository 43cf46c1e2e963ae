// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Testing

extension Bench {
    /// The usual command line that begins a run, with more arguments.
    func begin(_ more: String..., architecture: String = "board.yaml") async throws -> Outcome {
        try await agency(["run", "brief.md", "-a", architecture, "-w", "ws"] + more)
    }

    /// Begins a run that must come to wait for a choice.
    func beginAndWait(_ more: String..., at place: SourceLocation = #_sourceLocation) async throws {
        let begun = try await agency(["run", "brief.md", "-a", "board.yaml", "-w", "ws"] + more)
        try #require(begun.status == 75, "\(begun.testDescription)", sourceLocation: place)
    }

    /// The latest run as JSON.
    func state(at place: SourceLocation = #_sourceLocation) async throws -> JSONValue {
        try await agency("status", "latest", "--json").json(place)
    }

    /// The first digits of the digest of what is shown.
    func sheet(at place: SourceLocation = #_sourceLocation) async throws -> String {
        let state = try await state(at: place)
        let digest = try #require(
            state["sheet"]?.string,
            "not waiting: \(state["whereabouts"] ?? .null)",
            sourceLocation: place
        )
        return String(digest.prefix(12))
    }

    /// Chooses an option by what is shown now.
    @discardableResult
    func choose(_ option: String, at place: SourceLocation = #_sourceLocation) async throws -> Outcome {
        let chosen = try await agency(
            "choose",
            "--option",
            option,
            "--shown",
            try await sheet(at: place),
            "--why",
            "it is best"
        )
        try #require(chosen.status == 0, "\(chosen.testDescription)", sourceLocation: place)
        return chosen
    }

    /// Resumes, which must end with a status.
    @discardableResult
    func resume(_ status: Int32, _ more: String..., at place: SourceLocation = #_sourceLocation) async throws -> Outcome
    {
        let resumed = try await agency(["resume"] + more)
        try #require(resumed.status == status, "\(resumed.testDescription)", sourceLocation: place)
        return resumed
    }

    /// Carries a run that waits for its first choice to its end.
    func finish(at place: SourceLocation = #_sourceLocation) async throws {
        try await choose("p1", at: place)
        try await resume(75, at: place)
        try await choose("p1.r1", at: place)
        try await resume(0, at: place)
    }

    /// The events of the latest run.
    func events(at place: SourceLocation = #_sourceLocation) async throws -> [JSONValue] {
        let listed = try await agency("events", "--json")
        try #require(listed.status == 0, "\(listed.testDescription)", sourceLocation: place)
        return try listed.out.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    /// Asserts that nothing on the ledger was lost or is out of place.
    func requireSound(at place: SourceLocation = #_sourceLocation) async throws {
        let verified = try await agency("verify")
        #expect(verified.status == 0, "\(verified.testDescription)", sourceLocation: place)
        #expect(verified.out.contains("✓"), sourceLocation: place)
        let state = try await state(at: place)
        #expect(state["anomalies"]?.array?.isEmpty == true, "\(state["anomalies"] ?? .null)", sourceLocation: place)
    }
}
