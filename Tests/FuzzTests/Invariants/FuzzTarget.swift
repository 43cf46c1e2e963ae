// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A reader of bytes that somebody else wrote, and what holds of it whatever the bytes are.
///
/// The fuzzer makes the bytes up; the tests give it those that were worth keeping.
struct FuzzTarget: Sendable {
    /// The name, which is also that of its corpus.
    let name: String
    /// The longest input that is made up, in bytes.
    let longest: Int
    /// Reads the bytes, and throws ``Broken`` when something does not hold.
    let check: @Sendable ([UInt8]) throws -> Void

    static let all = [
        sse, json, architecture, brief, profiles, settings, ledger, proof, mcp, openAI, anthropic, text, policy,
    ]
}

/// A promise that was not kept.
struct Broken: Error, CustomStringConvertible {
    let description: String
}

/// Makes sure that something holds.
func hold(_ promise: @autoclosure () -> String, _ holds: Bool) throws(Broken) {
    if !holds { throw Broken(description: promise()) }
}

/// What came of something that may fail.
func outcome<Value, Failure: Error>(_ work: () throws(Failure) -> Value) -> Result<Value, Failure> {
    do throws(Failure) { return .success(try work()) } catch { return .failure(error) }
}

extension [UInt8] {
    /// The bytes in pieces that end at these places.
    func cut(at places: [Int]) -> [ArraySlice<UInt8>] {
        let ends = places.filter { (0...count).contains($0) }.sorted() + [count]
        return zip([0] + ends, ends).map { self[$0..<$1] }
    }

    /// Places to cut at: every one for what is short, and a few spread ones for the rest.
    var cuts: [[Int]] {
        let single = count <= 96 ? Array<Int>(indices) : stride(from: 1, to: count, by: count / 12).map(\.self)
        return single.map { [$0] } + [Array<Int>(indices), single]
    }
}
