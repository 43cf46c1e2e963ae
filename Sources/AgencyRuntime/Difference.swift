// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// In what a fork differs from the run that it shares its past with, from the moment at which it leaves it.
public struct Difference: Sendable {
    /// The profiles that play roles from there, by role.
    public var performers: [RoleName: ProfileName]
    /// The goals from there.
    public var goals: [Goal]?
    /// What the person chooses there, from the options that stand there.
    public var choice: Selection?

    /// Makes a difference.
    public init(
        performers: [RoleName: ProfileName] = [:],
        goals: [Goal]? = nil,
        choice: Selection? = nil
    ) {
        self.performers = performers
        self.goals = goals
        self.choice = choice
    }

    /// A choice among options that were put before the person in the shared past.
    public struct Selection: Sendable, Hashable {
        /// What is chosen.
        public var verdict: Choice.Verdict
        /// The first digits of the digest of the sheet that the person saw, 12 at least.
        public var shown: String

        /// Makes a selection.
        public init(_ verdict: Choice.Verdict, shown: String) {
            self.verdict = verdict
            self.shown = shown
        }
    }
}
