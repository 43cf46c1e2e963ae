// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Gives every reader of foreign bytes what the fuzzer found worth keeping; what broke it once is among that.
@Suite struct ReplayTests {
    @Test(arguments: FuzzTarget.all.map(\.name)) func `what was kept breaks no promise`(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let corpus = try Corpus(name)
        #expect(!corpus.inputs.isEmpty)
        for input in corpus.inputs {
            do {
                try target.check(input)
            } catch {
                Issue.record("\(error)\n  for \(Data(input).base64EncodedString())")
            }
        }
    }

    @Test func `the corpora are small and have a target each`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Corpus.folder).sorted()
        #expect(files == FuzzTarget.all.map { "\($0.name).base64" }.sorted())
        let sizes = try files.map { try Data(contentsOf: URL(fileURLWithPath: "\(Corpus.folder)/\($0)")).count }
        #expect(sizes.reduce(0, +) < 300 << 10)
    }

    @Test func `a broken promise is noticed`() {
        let target = FuzzTarget(name: "none", longest: 1) { bytes in try hold("it is empty", bytes.isEmpty) }
        #expect(throws: Never.self) { try target.check([]) }
        #expect(throws: Broken.self) { try target.check([0]) }
    }
}

/// Inputs that were kept: one in a line, in base64, after an exclamation mark if it broke a promise once.
private struct Corpus {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Corpus"
    let inputs: [[UInt8]]

    init(_ name: String) throws {
        let text = try String(contentsOfFile: "\(Self.folder)/\(name).base64", encoding: .utf8)
        inputs = try text.split(separator: "\n").map { line in
            let input = line.first == "!" ? line.dropFirst() : line
            return Array(try #require(Data(base64Encoded: String(input)), "a line of \(name) is no base64"))
        }
    }
}
