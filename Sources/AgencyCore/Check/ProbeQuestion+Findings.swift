// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension [ProbeQuestion] {
    /// Finds the rules that these questions break; empty when a role may be probed with them.
    ///
    /// - Parameter path: Where they lie in their declaration.
    /// - Returns: The faults, with paths that begin as the given one.
    public func faults(at path: [Finding.Part] = []) -> [Finding] {
        guard Limits.questionsOfProbe.contains(count) else {
            let message = isEmpty ? "there are no questions" : "\(count) questions"
            return [Finding(.outOfLimits, path, message, hint: "from \(Limits.questionsOfProbe.words) are accepted")]
        }
        var faults: [Finding] = []
        var seen: Set<String> = []
        for (index, question) in enumerated() {
            let place = path + [.index(index)]
            if !Spelling.isName(question.id) {
                let message = "“\(question.id.shortened)” cannot name a question"
                faults.append(Finding(.badName, place + ["id"], message, hint: Spelling.nameHint))
            } else if !seen.insert(question.id).inserted {
                let message = "two questions are called “\(question.id)”"
                faults.append(Finding(.duplicate, place + ["id"], message, hint: "give each question its own name"))
            }
            faults += question.faults.map { $0.within(place) }
        }
        return faults
    }
}

extension ProbeQuestion {
    /// The rules that this question breaks by itself, with paths that begin inside it.
    fileprivate var faults: [Finding] {
        var faults: [Finding] = []
        func fail(_ rule: Rule, _ path: [Finding.Part], _ message: String, _ hint: String) {
            faults.append(Finding(rule, path, message, hint: hint))
        }
        if text.trimmingWhitespace.isEmpty {
            fail(.missingPart, ["text"], "nothing is asked", "write the question")
        } else if text.utf8.count > Limits.textBytes {
            fail(
                .outOfLimits,
                ["text"],
                "\(text.utf8.count) bytes of text",
                "at most \(Limits.textBytes) are accepted"
            )
        }
        if let right, right.trimmingWhitespace.isEmpty {
            fail(.missingPart, ["right"], "the right answer is empty", "write it, or leave right out")
        }
        guard let choices else { return faults }
        if !Limits.choices.contains(choices.count) {
            let hint = "from \(Limits.choices.words) are accepted; without choices any text can be an answer"
            fail(.outOfLimits, ["choices"], "\(choices.count) choices", hint)
        }
        for (index, choice) in choices.enumerated() {
            if choice.trimmingWhitespace.isEmpty {
                fail(.missingPart, ["choices", .index(index)], "an empty choice", "write it, or leave it out")
            } else if choices[..<index].contains(choice) {
                fail(.duplicate, ["choices", .index(index)], "the same choice twice", "leave one of them out")
            }
        }
        if let right, !choices.contains(right) {
            let message = "the right answer “\(right.shortened)” is none of the choices"
            fail(.unknownReference, ["right"], message, "write it as it stands among the choices")
        }
        return faults
    }
}
