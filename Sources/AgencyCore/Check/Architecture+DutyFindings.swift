// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Architecture {
    /// Judges that are no second opinion.
    func dutyFindings(profiles: [Profile]?) -> [Finding] {
        var findings: [Finding] = []
        for (index, stage) in flow.enumerated() {
            guard case .evaluate(let names) = stage else { continue }
            let judges = names.compactMap(role).filter(\.kind.evaluates)
            let authors = roles.filter { role in
                (role.kind == .propose || role.kind == .update) && flow.contains { $0.roles.contains(role.name) }
            }
            let place: [Finding.Part] = ["flow", .index(index), "evaluate", "roles"]
            findings += related(judges, to: authors, at: place, profiles)
            findings += identical(judges)
        }
        findings += judgedJudges(profiles)
        for author in roles {
            guard let vote = author.vote else { continue }
            let place: [Finding.Part] = ["roles", .name(author.name.rawValue), "vote"]
            if case .verified(let name, _) = vote.rule {
                if name != author.name, let judge = role(name), judge.kind == .verify {
                    findings += related([judge], to: [author], at: place + ["verify"], profiles)
                }
            } else if let profile = profiles?.first(where: { $0.name == author.performer }), profile.temperature == 0 {
                let message = "samples of “\(profile.name)” at temperature 0 are one opinion, counted several times"
                let hint = "leave vote out, or give “\(author.name)” a performer whose samples can differ"
                findings.append(Finding(.echoingVotes, place, message, hint: hint, about: profile.name.rawValue))
            }
        }
        return findings
    }

    /// Judges that are performed by who performs the authors, or by a relation.
    private func related(
        _ judges: [Role],
        to authors: [Role],
        at place: [Finding.Part],
        _ profiles: [Profile]?
    ) -> [Finding] {
        var findings: [Finding] = []
        var told: Set<RoleName> = []
        var own: [Role] = []
        for author in authors where author.performer != nil && !judges.isEmpty {
            let kinships = judges.map { kinship($0, author, profiles) }
            if kinships.allSatisfy({ $0 == .same }) {
                own.append(author)
                continue
            }
            // Of each judge one relation is told; without profiles, names of performers tell nothing.
            for (judge, kinship) in zip(judges, kinships) where profiles != nil && !told.contains(judge.name) {
                guard kinship != .none else { continue }
                told.insert(judge.name)
                findings.append(relation(judge, author, kinship))
            }
        }
        guard !own.isEmpty else { return findings }
        let names = own.map { "“\($0.name)”" }.joined(separator: " and ")
        let who = own.compactMap(\.performer?.rawValue).first ?? ""
        let message = "everybody who judges \(names) is performed by “\(who)”, who wrote what they judge"
        let hint = "give one judge another performer, best a model of another family"
        findings.append(Finding(.ownJudge, place, message, hint: hint, about: "\(names) \(who)"))
        return findings
    }

    private func relation(_ judge: Role, _ author: Role, _ kinship: Kinship) -> Finding {
        Finding(
            .relatedJudge,
            ["roles", .name(judge.name.rawValue), "performer"],
            "“\(judge.name)” judges “\(author.name)”, and both are performed by \(kinship.words)",
            hint: "a judge of another family has other blind spots",
            about: "\(author.name) \(kinship.words)"
        )
    }

    /// Judges whose answers the author's performer accepts or rejects.
    private func judgedJudges(_ profiles: [Profile]?) -> [Finding] {
        let authors = roles.filter { $0.kind == .propose || $0.kind == .update }
        return roles.filter(\.kind.evaluates).compactMap { judge in
            guard case .verified(let name, _)? = judge.vote?.rule, let verifier = role(name), verifier.kind == .verify,
                let author = authors.first(where: { kinship(verifier, $0, profiles) == .same })
            else { return nil }
            let path: [Finding.Part] = ["roles", .name(judge.name.rawValue), "vote", "verify"]
            let message = "“\(name)” decides which judgement of “\(author.name)” stands, and one performer plays both"
            let hint = "give “\(name)” another performer, or let “\(judge.name)” be voted on by ahead-by or majority"
            return Finding(.judgedJudge, path, message, hint: hint, about: author.name.rawValue)
        }
    }

    private func kinship(_ left: Role, _ right: Role, _ profiles: [Profile]?) -> Kinship {
        guard left.performer != right.performer else { return .same }
        let pair = [left, right].compactMap { role in profiles?.first { $0.name == role.performer } }
        return pair.count == 2 ? pair[0].kinship(to: pair[1]) : .none
    }

    private func identical(_ judges: [Role]) -> [Finding] {
        judges.enumerated().compactMap { index, judge in
            var twin = judge
            guard
                let other = judges[..<index].first(where: { other in
                    twin.name = other.name
                    return other.name != judge.name && twin == other
                })
            else { return nil }
            let message = "“\(judge.name)” is “\(other.name)” under another name"
            let hint = "give it other instructions, criteria or another performer; or leave it out"
            return Finding(.identicalJudges, ["roles", .name(judge.name.rawValue)], message, hint: hint)
        }
    }
}
