// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension RunState {
    /// The forks by which this run came about, the oldest first; none for a run that was started anew.
    public var forks: [Fork] { started?.forks ?? [] }

    /// Whether what was folded so far is nothing but the past that is shared with another run.
    public var isInSharedPast: Bool { !pasts.isEmpty }

    /// The run in whose name options are shown and steps are authorised.
    var identity: RunID { pasts.first?.run ?? run }

    /// Leaves the shared pasts that end here.
    mutating func leavePasts() {
        while let past = pasts.first, sequence >= past.sequence {
            pasts.removeFirst()
            leave(past)
        }
    }

    /// Goes on as a run of its own: other performers play, and no permission is left.
    private mutating func leave(_ past: Fork) {
        for index in started?.architecture.roles.indices ?? 0..<0 {
            guard let name = started?.architecture.roles[index].name.rawValue, let profile = past.performers[name]
            else {
                continue
            }
            started?.architecture.roles[index].performer = profile
        }
        if let desks = past.desks { started?.desks = desks }
        basis = nil
        startedAtMilliseconds = past.atMilliseconds
        updatedAtMilliseconds = max(updatedAtMilliseconds, past.atMilliseconds)
        claim = nil
        (choiceDeadline, isGivenUp) = (nil, false)
        if status == .paused { status = .running }
        if choice != nil {
            if enactment.base == nil, let index = architecture?.flow.firstIndex(where: { $0.word == "choose" }) {
                // Nothing was enacted, so every option is open again.
                choice = nil
                enactment = Enactment()
                stage = index
            } else {
                lapse()
            }
        }
        sheet = nil
    }
}
