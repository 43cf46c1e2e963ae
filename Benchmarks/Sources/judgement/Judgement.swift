// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Prints what the methods of judgement reach on some data, beside simpler ones and what they must reach.
///
/// `judgement --data DIR`, where DIR has `streams/*.jsonl`, `crowd/*/{label,truth}.csv` and `drift/*.csv`, as `Data` here has.
@main enum Report {
    static func main() {
        do {
            let data = try dataFolder(CommandLine.arguments)
            print(table(try figures(data: data)))
        } catch {
            FileHandle.standardError.write(Data("judgement: \(error)\n".utf8))
            exit(1)
        }
    }

    /// Every figure, in the order of the table; a new kind of figure is a line here.
    private static func figures(data: URL) throws -> [Figure] {
        var figures: [Figure] = []
        figures += try poolingFigures(data: data)
        figures += try variationFigures(data: data)
        figures += try crowdFigures(data: data)
        figures += copiesFigures()
        figures += try regretFigures(data: data)
        figures += voteFigures()
        figures += surpriseFigures()
        figures += delegationFigures()
        figures += try driftFigures(data: data.appending(path: "drift"))
        figures += speedFigures()
        return figures
    }

    private static func dataFolder(_ arguments: [String]) throws -> URL {
        guard arguments.count == 3, arguments[1] == "--data" else {
            throw DataFault(description: "usage: judgement --data DIR")
        }
        let folder = URL(fileURLWithPath: arguments[2], isDirectory: true)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue else {
            throw DataFault.missing(folder)
        }
        return folder
    }

    private static func table(_ figures: [Figure]) -> String {
        let head = ["| what | method | measured | must reach | |", "| --- | --- | ---: | --- | --- |"]
        let rows = figures.map { figure in
            let aim = figure.aim.map { ($0.words, $0.met ? "✓" : "✗") } ?? ("", "")
            return "| \(figure.what) | \(figure.method) | \(figure.measured) | \(aim.0) | \(aim.1) |"
        }
        return (head + rows).joined(separator: "\n")
    }
}
