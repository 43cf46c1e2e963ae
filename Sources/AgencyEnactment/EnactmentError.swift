// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Why something could not be tried at the door to the world.
///
/// A tool that was tried and failed is no error: it is a ``AgencyCore/ToolResult`` with a status other than 0.
public struct EnactmentError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of fault.
    public var code: Code
    /// What is wrong and what to do, in one line.
    public var message: String
    /// Whether the same call may succeed later without any other change.
    public var retry: Bool

    /// Makes an error; line breaks in the message become spaces.
    public init(_ code: Code, _ message: String, retry: Bool = false) {
        self.code = code
        self.message = String(message.map { $0.isNewline ? " " : $0 })
        self.retry = retry
    }

    /// `code: message`.
    public var description: String { "\(code): \(message)" }

    /// The kinds of fault; more may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Name: String {
            case noSuchTool = "no such tool"
            case badArguments = "bad arguments"
            case notPermitted = "not permitted"
            case expired = "expired"
            case workspaceUnusable = "workspace unusable"
            case workspaceChanged = "workspace changed"
            case sandboxUnavailable = "sandbox unavailable"
            case checkpointFailed = "checkpoint failed"
            case unknownCheckpoint = "unknown checkpoint"
            case outOfSpace = "out of space"
            case serverFailed = "server failed"
            case badReview = "bad review"
            case badSecret = "bad secret"
        }

        private let name: Name
        private init(_ name: Name) { self.name = name }

        /// No tool has this name.
        public static let noSuchTool = Code(.noSuchTool)
        /// The arguments do not have the shape that the tool asks for.
        public static let badArguments = Code(.badArguments)
        /// The call is not one that this door lets through.
        public static let notPermitted = Code(.notPermitted)
        /// The authorisation has lapsed.
        public static let expired = Code(.expired)
        /// The folder cannot serve as a workspace.
        public static let workspaceUnusable = Code(.workspaceUnusable)
        /// The workspace is not as it was left.
        public static let workspaceChanged = Code(.workspaceChanged)
        /// Programs cannot be contained here, so none is run.
        public static let sandboxUnavailable = Code(.sandboxUnavailable)
        /// A checkpoint could not be made, compared or put back.
        public static let checkpointFailed = Code(.checkpointFailed)
        /// No checkpoint has this name.
        public static let unknownCheckpoint = Code(.unknownCheckpoint)
        /// A disk is full.
        public static let outOfSpace = Code(.outOfSpace)
        /// A server of tools cannot be spoken to.
        public static let serverFailed = Code(.serverFailed)
        /// The review of a server's tools is none.
        public static let badReview = Code(.badReview)
        /// A secret that a program needs is not there, or cannot be one.
        public static let badSecret = Code(.badSecret)

        /// The kind in words.
        public var description: String { name.rawValue }
    }
}
