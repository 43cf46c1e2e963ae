// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import Hummingbird

/// The fields of a form that a browser sent.
struct Form {
    /// Every field.
    let all: [String: String]

    /// The most bytes of a form by somebody who is signed in, and may rewrite a whole plan.
    static let most = 4 << 20
    /// The most bytes of one by anybody else.
    static let least = 16 << 10

    /// Reads the body of a request.
    ///
    /// - Throws: ``Fault`` for anything that is no such form, or too long.
    init(_ request: Request, most: Int = most) async throws {
        let type = request.headers[.contentType]?.split(separator: ";").first.map { String($0).lowercased() }
        guard type == "application/x-www-form-urlencoded" else {
            throw Fault(.unsupportedMediaType, "Only a form of this console is read here.")
        }
        do {
            let body = try await request.bytes(upTo: most)
            let sent = try URLEncodedFormDecoder().decode([String: String].self, from: String(buffer: body))
            // Browsers end lines with a carriage return too.
            all = sent.mapValues { $0.replacing("\r\n", with: "\n") }
        } catch let fault as Fault {
            throw fault
        } catch {
            throw Fault(.badRequest, "The form could not be read; it may be longer than \(most >> 10) KiB.")
        }
    }

    subscript(name: String) -> String { all[name] ?? "" }

    /// What was typed, without what is around it.
    ///
    /// - Throws: ``Fault`` with the complaint where nothing was.
    func text(_ name: String, else complaint: String) throws -> String {
        let text = self[name].trimmingWhitespace
        guard !text.isEmpty else { throw Fault(.badRequest, complaint) }
        return text
    }

    /// Makes sure that what was typed twice is the same.
    func requireSame(_ first: String, _ second: String) throws {
        guard self[first] == self[second] else { throw Fault(.badRequest, "The two passwords are not the same.") }
    }

    /// Makes sure that a form is one that was put before whoever is signed in.
    func require(_ session: Session) throws {
        guard Tokens.digest(self["form"]) == Tokens.digest(session.formToken) else {
            throw Fault(.forbidden, "This form is not of your session; open the page again.")
        }
    }
}
#endif
