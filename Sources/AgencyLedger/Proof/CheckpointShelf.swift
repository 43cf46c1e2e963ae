// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import Foundation

/// A folder in which the signed checkpoints of one run are kept, each in a file of its own.
///
/// A file is named for the number of events, `000000001000.checkpoint`, and holds the note as it is, to be copied, mailed
/// or printed. Beside them, `edge` holds the right edge of the tree, so that the next checkpoint need not read the run
/// from its beginning; it is believed only if its root is the one in a checkpoint that verifies.
public struct CheckpointShelf: Sendable {
    /// The folder.
    public let folder: String

    /// Makes a shelf; the folder is made when the first checkpoint is kept.
    public init(folder: String) { self.folder = folder }

    /// Keeps a checkpoint.
    ///
    /// - Throws: ``ProofError`` with `.unavailable`; mend the folder or make room.
    public func keep(_ note: SignedNote, _ checkpoint: Checkpoint, edge: MerkleFrontier) throws(ProofError) {
        try PrivateFile.makeFolder(folder)
        try PrivateFile.write(Array(note.description.utf8), to: path(checkpoint.size))
        let lines = ["\(edge.size)"] + edge.subtrees.map(\.hex)
        try PrivateFile.write(Array(lines.map { $0 + "\n" }.joined().utf8), to: folder + "/edge")
    }

    /// The numbers of events at which checkpoints are kept, in order.
    public func sizes() -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.compactMap { name in
            let parts = name.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[1] == "checkpoint", let size = Int(parts[0]), path(size).hasSuffix("/" + name)
            else { return nil }
            return size
        }.sorted()
    }

    /// Reads the checkpoint at a number of events; its signatures are for the caller to check.
    ///
    /// - Returns: The note, or `nil` when none is kept.
    /// - Throws: ``ProofError`` with `.malformed` when it cannot be read as one, `.unavailable`.
    public func note(at size: Int) throws(ProofError) -> SignedNote? {
        guard let bytes = try PrivateFile.read(path(size), limit: SignedNote.maximumBytes) else { return nil }
        do throws(ProofError) {
            return try SignedNote(parsing: bytes)
        } catch {
            throw ProofError(error.code, "\(path(size)): \(error)")
        }
    }

    /// Reads all checkpoints that a key has signed; those of other keys are passed over.
    ///
    /// - Throws: ``ProofError`` that names the file: `.malformed`, `.badSignature` or `.unavailable`.
    public func checkpoints(signedBy keys: [VerifierKey]) throws(ProofError) -> [Checkpoint] {
        var found: [Checkpoint] = []
        for size in sizes() {
            guard let note = try note(at: size) else { continue }
            do throws(ProofError) {
                let checkpoint = try Checkpoint(note, signedByOneOf: keys)
                guard checkpoint.size == size else {
                    throw ProofError(.malformed, "it is a checkpoint of \(checkpoint.size) events")
                }
                found.append(checkpoint)
            } catch {
                guard error.code == .untrusted else { throw ProofError(error.code, "\(path(size)): \(error)") }
            }
        }
        return found
    }

    /// The newest checkpoint that a key has signed, with the edge of its tree, to go on from.
    ///
    /// - Returns: `nil` when none is kept, or the edge is missing or not the one that was signed.
    func lastEdge(signedBy key: VerifierKey) throws(ProofError) -> (edge: MerkleFrontier, checkpoint: Checkpoint)? {
        guard let bytes = try PrivateFile.read(folder + "/edge", limit: 8192) else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        let digests = lines.dropFirst().compactMap(Digest.init(hex:))
        guard let size = lines.first.flatMap({ Int($0) }), digests.count == lines.count - 1,
            let edge = MerkleFrontier(size: size, subtrees: digests), let note = try? note(at: size),
            let checkpoint = try? Checkpoint(note, signedByOneOf: [key]), checkpoint.size == size,
            checkpoint.root == edge.root
        else { return nil }
        return (edge, checkpoint)
    }

    /// The file of the checkpoint at a number of events.
    public func path(_ size: Int) -> String {
        let digits = String(size)
        return folder + "/" + String(repeating: "0", count: max(0, 12 - digits.count)) + digits + ".checkpoint"
    }
}
