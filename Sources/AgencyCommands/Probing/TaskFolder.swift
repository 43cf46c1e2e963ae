// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyRuntime
import Foundation

/// Tasks whose right answers are known: the questions of all files of a folder, in the order of their names.
enum TaskFolder {
    /// Reads them.
    ///
    /// - Throws: `DeclarationError` for a file that breaks a rule; ``RuntimeError`` with `.badInput` for a folder without
    ///   tasks, a task without a right answer, and a name that two have.
    static func read(_ path: String) throws -> [ProbeQuestion] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: path)
        guard let names else { throw RuntimeError(.badInput, "there is no folder \(path)") }
        let files = names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted().map { path + "/" + $0 }
        guard !files.isEmpty else {
            throw RuntimeError(.badInput, "there are no files of questions (.yaml) in \(path)")
        }
        var tasks: [ProbeQuestion] = []
        var places: [String: String] = [:]
        for file in files {
            for task in try Declarations.questions(file) {
                if let other = places.updateValue(file, forKey: task.id) {
                    throw RuntimeError(.badInput, "\(file): “\(task.id)” is a task in \(other) already")
                }
                guard task.right != nil else {
                    let hint = "a task that is not known to come out right or wrong shows nothing"
                    throw RuntimeError(.badInput, "\(file): “\(task.id)” has no right answer; \(hint)")
                }
                tasks.append(task)
            }
        }
        guard Limits.questionsOfProbe.contains(tasks.count) else {
            throw RuntimeError(
                .badInput,
                "\(path): \(tasks.count) tasks; from \(Limits.questionsOfProbe.words) are accepted"
            )
        }
        return tasks
    }
}
