// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyDeclaration
import AgencyRuntime
import ArgumentParser
import Foundation

/// Writes the files that a first run needs.
struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a profile file, a starter brief and the stock architectures.",
        discussion: """
            Nothing that is there already is overwritten. Also makes the key with which this terminal signs choices, if there \
            is none: agency desk shows it.
            """
    )

    @Argument(help: "The folder to write into.")
    var folder = "."

    private var files: [(name: String, text: String)] {
        [("agency.yaml", Stock.profiles), ("brief.md", Stock.brief)]
            + Stock.architectures.map { ($0.name + ".yaml", $0.text) }
    }

    func run() async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, text) in files {
            let path = folder == "." ? name : folder + "/" + name
            guard !FileManager.default.fileExists(atPath: path) else {
                Terminal.out("kept  \(path)")
                continue
            }
            try Output.write(text.utf8, to: path)
            Terminal.out("wrote \(path)")
        }
        _ = try DeskFiles.keyMadeIfNeeded()
        Terminal.out(
            "\nNext: say who performs in agency.yaml, write brief.md, then: agency run brief.md -a change-board -w DIRECTORY"
        )
    }
}
