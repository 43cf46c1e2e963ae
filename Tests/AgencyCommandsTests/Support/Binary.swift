// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where things are that the tests start.
enum Binary {
    /// The program under test, as it was built together with the tests.
    static let agency: String = {
        let runner = URL(fileURLWithPath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath()
        let bundle = URL(fileURLWithPath: Bundle.main.bundlePath).resolvingSymlinksInPath()
        let beside = [runner, bundle].flatMap { [$0, $0.deletingLastPathComponent()] }
        let folders = beside.map(\.path) + [package + "/.build/debug"]
        return folders.map { $0 + "/agency" }.first(where: isProgram) ?? "agency-was-not-built"
    }()

    /// The folder with the programs and declarations that the tests use.
    static let fixtures =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path
        + "/Fixtures"

    /// The folder with the examples.
    static let examples = package + "/Examples"

    /// The system's own Python: one that is found first in the path may be a script that is slow to start.
    static let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first(where: isProgram) ?? "/usr/bin/python3"

    static var package: String {
        var folder = URL(fileURLWithPath: #filePath)
        while folder.path != "/", !FileManager.default.fileExists(atPath: folder.path + "/Package.swift") {
            folder.deleteLastPathComponent()
        }
        return folder.path
    }

    private static func isProgram(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
            && FileManager.default.isExecutableFile(atPath: path)
    }
}
