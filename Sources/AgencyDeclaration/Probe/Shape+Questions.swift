// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

extension Declaration {
    /// Reads a file of questions for probing a role.
    ///
    /// - Parameters:
    ///   - bytes: The YAML: a list under `questions`.
    ///   - file: What faults call the file.
    /// - Returns: Questions that break no rule, in their order.
    /// - Throws: ``DeclarationError`` with every fault that could be found; show them to the author.
    public static func readQuestions(bytes: [UInt8], file: String) throws(DeclarationError) -> [ProbeQuestion] {
        let faults = FaultList(file: file)
        let value = read(bytes, .questionFile, faults) { $0.faults(at: ["questions"]) }
        return try faults.finish(value)
    }

    /// Prints questions as YAML that reads back equal.
    public static func print(_ questions: [ProbeQuestion]) -> String {
        var entries = YAMLEntries()
        entries.add("questions", .list(questions.map(\.tree)))
        return YAMLPrinter.print(entries.tree)
    }
}

extension Shape where Value == [ProbeQuestion] {
    /// A file of questions.
    static var questionFile: Shape {
        .mapping("a file of questions") { $0.required("questions", .questions) }
    }

    /// The questions that a role is probed with.
    static var questions: Shape { .list(of: .question) }
}

extension Shape where Value == ProbeQuestion {
    fileprivate static var question: Shape {
        .mapping("a question") { reader in
            let id = reader.required("id", .text)
            let text = reader.required("text", .text)
            let choices = reader.optional("choices", .list(of: .text))
            let right = reader.optional("right", .text)
            guard let id, let text else { return nil }
            return ProbeQuestion(id: id, text: text, choices: choices, right: right)
        }
    }
}

extension ProbeQuestion {
    /// The question as it is printed.
    var tree: YAMLTree {
        var entries = YAMLEntries()
        entries.add("id", .text(id))
        entries.add("text", .text(text))
        entries.add("choices", choices.map { .texts($0) })
        entries.add("right", right.map { .text($0) })
        return entries.tree
    }
}
