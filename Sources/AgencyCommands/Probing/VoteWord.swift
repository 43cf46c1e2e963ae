// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// How many samples are voted on, as the command line writes it: `1`, `3` for a majority of three, `a2` for ahead by two.
enum VoteWord: Hashable {
    case once
    case majority(Int)
    case aheadBy(Int)

    init?(_ word: Substring) {
        if word.first == "a", let lead = Int(word.dropFirst()), Limits.lead.contains(lead) {
            self = .aheadBy(lead)
        } else if word == "1" {
            self = .once
        } else if let votes = Int(word), Limits.majority.contains(votes) {
            self = .majority(votes)
        } else {
            return nil
        }
    }

    /// The setting with a performer, in words.
    func name(_ profile: ProfileName) -> String {
        switch self {
        case .once: profile.rawValue
        case .majority(let votes): "\(profile), majority of \(votes)"
        case .aheadBy(let lead): "\(profile), ahead by \(lead)"
        }
    }

    /// The vote of a role in this setting; what makes two of its usual answers the same stays.
    func policy(after vote: VotePolicy?) -> VotePolicy? {
        let rule: VotePolicy.Rule
        switch self {
        case .once: return nil
        case .majority(let votes): rule = .majority(of: votes, atMost: votes)
        case .aheadBy(let lead): rule = .aheadBy(lead, atMost: VotePolicy.Rule.usualMost(lead: lead))
        }
        return VotePolicy(rule, flags: vote?.flags ?? VotePolicy.RedFlags(), sameWhen: vote?.sameWhen ?? [])
    }
}
