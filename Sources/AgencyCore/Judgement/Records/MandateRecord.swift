// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyJudgment

/// How the choices of an architecture fare by rule, as it is cast, and whether they may be made so: a fold over runs that are
/// over and nothing else.
///
/// A case is a run in which the rule would have taken an option when the choice was first asked for. The rule was right if that
/// option was chosen, by whoever chose, and reached the goals; it was not if a person wanted anything else, enactment halted, a
/// goal was missed, or somebody has filed since that it came to nothing. All cases count, whoever chose: none is picked.
public struct MandateRecord: Sendable {
    /// The architecture, by name.
    public let work: String
    /// What the choices are made by.
    public let cast: Digest
    /// On what terms.
    public let terms: MandateTerms
    /// How far the evidence goes.
    public private(set) var grade: DelegationGrade
    /// The mandate that stands.
    public private(set) var granted: GrantedMandate?
    /// Why the last one does not stand any more.
    public private(set) var ended: DelegationGrade.Reason?
    /// The run in which it was proposed, since the evidence was last too weak.
    public private(set) var proposedIn: RunID?
    /// The run in which the last one was granted.
    public private(set) var grantedIn: RunID?
    /// Whether the time of the last one is over.
    public private(set) var isOver = false
    /// The names of all that were granted: none comes back.
    private var seen: Set<String> = []
    /// A mandate that has ended by itself, as long as no run says so.
    public private(set) var unsaid: GrantedMandate?

    /// What happened that bears on a mandate.
    public struct Moment: Hashable, Sendable {
        /// When, in milliseconds since 1970 UTC.
        public let atMilliseconds: Int64
        /// What choices were made by.
        public let cast: Digest
        /// On what terms.
        public let terms: MandateTerms
        /// The public keys of the desks on whose word it rests.
        let signers: Set<String>
        /// What happened.
        public let what: What

        /// Whether it says how choices by rule fare.
        var isEvidence: Bool {
            switch what {
            case .settled, .proposed: true
            case .granted, .withdrawn: false
            }
        }

        /// What happened.
        public enum What: Hashable, Sendable {
            /// A case is known.
            case settled(Bool)
            /// It was proposed.
            case proposed
            /// A person granted it.
            case granted(GrantedMandate)
            /// The one of this name ended.
            case withdrawn(String, DelegationGrade.Reason)
        }
    }

    /// Folds what happened.
    ///
    /// - Parameters:
    ///   - work: The architecture, by name.
    ///   - cast: What choices are made by.
    ///   - terms: On what terms.
    ///   - runs: Runs that are over, in any order.
    ///   - milliseconds: Now, in milliseconds since 1970 UTC; what is beyond its time does not stand.
    public init(
        of work: String,
        cast: Digest,
        terms: MandateTerms,
        from runs: some Sequence<RunForecasts>,
        at milliseconds: Int64
    ) {
        self.work = work
        self.cast = cast
        self.terms = terms
        grade = DelegationGrade(terms.delegation, stakes: terms.stakes.rank, performer: cast.hex)
        let moments = runs.filter { $0.work == work }
            .flatMap { run in run.moments.enumerated().map { (run: run.run, number: $0.offset, moment: $0.element) } }
            .filter { $0.moment.cast == cast && $0.moment.terms == terms }
            .sorted { ($0.moment.atMilliseconds, $0.run, $0.number) < ($1.moment.atMilliseconds, $1.run, $1.number) }
        for one in moments { take(one.moment.what, in: one.run) }
        if let granted, granted.mandate.untilMilliseconds <= milliseconds {
            _ = grade.takeBack()
            (self.granted, isOver) = (nil, true)
        }
    }

    /// What the cases show.
    public var evidence: MandateEvidence {
        MandateEvidence(
            successes: grade.evidence.successes,
            failures: grade.evidence.failures,
            lowerBound: grade.lowerBound
        )
    }

    private mutating func take(_ what: Moment.What, in run: RunID) {
        switch what {
        case .settled(let succeeded): note(grade.settle(succeeded: succeeded))
        case .proposed: proposedIn = run
        case .granted(let mandate):
            guard mandate.mandate.run == run, seen.insert(mandate.mandate.id).inserted else { return }
            guard grade.grant() == .granted else {
                // What has become known since does not carry it.
                if granted == nil { (ended, unsaid) = (.boundFell, mandate) }
                return
            }
            (granted, grantedIn, ended, unsaid) = (mandate, run, nil, nil)
        case .withdrawn(let id, let reason):
            // What ends by itself has ended with the case that showed it, and is only said here.
            if unsaid?.mandate.id == id { unsaid = nil }
            guard granted?.mandate.id == id else { return }
            note(reason == .drift ? grade.driftSeen() : grade.takeBack())
            unsaid = nil
        }
    }

    private mutating func note(_ change: DelegationGrade.Change?) {
        switch change {
        case .withdrawn(let reason):
            unsaid = granted
            granted = nil
            ended = reason
            // Whoever takes it back need not be asked again until there is something new to say.
            if reason != .person { proposedIn = nil }
        case .lapsed: proposedIn = nil
        case .granted, .becameProposable, nil: break
        }
    }
}
