// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencySchema
import Foundation
import Testing

/// The vectors that implementations of Certificate Transparency share.
@Suite struct MerkleVectorTests {
    static let inputs = [
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    ]
    static let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    private let leaves = inputs.map { text in
        let digits = Array(text)
        return MerkleHash.leaf(
            stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
        )
    }

    @Test func `the eight known leaves have the known roots`() {
        var frontier = MerkleFrontier()
        #expect(frontier.root.hex == Self.roots[0])
        for (size, leaf) in leaves.enumerated() {
            frontier.append(leaf: leaf)
            #expect(frontier.root.hex == Self.roots[size + 1])
        }
    }

    @Test func `the known inclusion proofs are made`() throws {
        func proof(_ index: Int, _ size: Int) throws -> [String] {
            try #require(MerkleReference.inclusionProof(index, Array(leaves[..<size]))).path.map(\.hex)
        }
        #expect(try proof(0, 1) == [])
        #expect(
            try proof(0, 8) == [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ]
        )
        #expect(
            try proof(5, 8) == [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", Self.roots[4],
            ]
        )
        #expect(try proof(2, 3) == [Self.roots[2]])
    }

    @Test func `the known consistency proofs are made`() throws {
        func proof(_ first: Int, _ second: Int) throws -> [String] {
            try #require(MerkleReference.consistencyProof(first, Array(leaves[..<second]))).path.map(\.hex)
        }
        #expect(try proof(1, 1) == [])
        #expect(
            try proof(6, 8) == [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", Self.roots[4],
            ]
        )
        #expect(
            try proof(2, 5) == [
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ]
        )
    }

    @Test func `the 196 shared vectors are judged as they should be`() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Vectors/merkle.jsonl"
        let text = try #require(FileManager.default.contents(atPath: path))
        var judged = 0
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let vector = try JSONValue(parsing: line)
            let wanted = vector["wantErr"]?.bool
            let isWrong = try #require(wanted as Bool?)
            #expect(try Self.holds(vector) == !isWrong, "\(vector["name"]?.string ?? "")")
            judged += 1
        }
        #expect(judged == 196)
    }

    private static func holds(_ vector: JSONValue) throws -> Bool {
        func digest(_ value: JSONValue?) -> Digest? {
            value?.string.flatMap { Data(base64Encoded: $0) }.flatMap { Digest(octets: $0) }
        }
        func number(_ name: String) throws -> Int {
            // The vectors use the whole range of unsigned numbers; what does not fit is refused on reading.
            Int(exactly: try #require(vector[name]?.double)) ?? -1
        }
        let given = vector["proof"]?.array ?? []
        let path = given.compactMap(digest)
        // A hash of another length cannot even be written down as a digest.
        guard path.count == given.count else { return false }
        if vector["leafHash"] != nil {
            guard let leaf = digest(vector["leafHash"]), let root = digest(vector["root"]) else { return false }
            let proof = InclusionProof(index: try number("leafIdx"), size: try number("treeSize"), path: path)
            return proof.holds(leaf: leaf, root: root)
        }
        // Where the roots do not matter the vectors have other bytes in their place.
        func root(_ name: String) -> Digest { digest(vector[name]) ?? Digest(of: vector[name]?.string ?? "") }
        let proof = ConsistencyProof(first: try number("size1"), second: try number("size2"), path: path)
        return proof.holds(firstRoot: root("root1"), secondRoot: root("root2"))
    }
}
