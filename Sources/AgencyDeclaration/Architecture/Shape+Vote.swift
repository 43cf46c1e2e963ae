// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

extension Shape where Value == VotePolicy {
    /// How a role is voted on: exactly one rule, and what goes with it.
    static var vote: Shape {
        .mapping("a vote") { reader in
            let hasRule = reader.has(["ahead-by", "majority", "verify"])
            let lead = reader.optional("ahead-by", .integer)
            let majority = reader.optional("majority", .integer)
            let verifier = reader.optional("verify", .text)
            let most = reader.optional("at-most", .integer)
            let flags = reader.optional("flags", .redFlags)
            let sameWhen = reader.optional("same-when", .list(of: .pointer))
            let given = [lead != nil, majority != nil, verifier != nil].count { $0 }
            guard given == 1 else {
                let hint = "write exactly one of ahead-by, majority, verify"
                // A rule that is there and could not be read has its own fault.
                if given > 1 || !hasRule {
                    let message = given > 1 ? "a vote has one rule, found \(given)" : "a vote has no rule"
                    reader.faults.add(reader.node.mark, message, hint: hint)
                }
                return nil
            }
            let rule: VotePolicy.Rule
            if let lead {
                rule = .aheadBy(lead, atMost: most ?? VotePolicy.Rule.usualMost(lead: lead))
            } else if let majority {
                rule = .majority(of: majority, atMost: most ?? majority)
            } else {
                rule = .verified(by: RoleName(verifier ?? ""), atMost: most ?? VotePolicy.Rule.usualTries)
            }
            return VotePolicy(rule, flags: flags ?? VotePolicy.RedFlags(), sameWhen: sameWhen ?? [])
        }
    }
}

extension Shape where Value == VotePolicy.RedFlags {
    /// What discards an answer before it counts.
    static var redFlags: Shape {
        .mapping("red flags") { reader in VotePolicy.RedFlags(bytes: reader.optional("bytes", .integer)) }
    }
}

extension Shape where Value == JSONPointer {
    /// The way to a part of an output.
    static var pointer: Shape {
        Shape { node, faults in
            guard let text = Shape<String>.text.read(node, faults) else { return nil }
            guard let pointer = JSONPointer(text) else {
                let hint = "write the way to a part of the output, such as /move or /steps/0/action"
                faults.add(node.mark, "“\(text.shortened)” is not a JSON pointer", hint: hint)
                return nil
            }
            return pointer
        }
    }
}
