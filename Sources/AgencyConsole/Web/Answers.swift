// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyReport
import AgencySchema
import Hummingbird
import NIOCore

/// Makes responses.
enum Answers {
    static func page(_ frame: Frame, status: HTTPResponse.Status = .ok) -> Response {
        text(frame.source, "text/html; charset=utf-8", status: status)
    }

    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        text(value.canonicalText, "application/json", status: status)
    }

    static func text(_ text: String, _ type: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }

    /// Sends the browser to another page of ours, to get it anew.
    static func see(_ path: String) -> Response { Response(status: .seeOther, headers: [.location: path]) }

    /// Says what went wrong: to programs as JSON, to people on a page.
    static func fault(_ fault: Fault, to request: Request, hasAccounts: Bool) -> Response {
        guard !request.isForPrograms else {
            return json(["error": .string(fault.message)], status: fault.status)
        }
        // Under another name, nothing that a page needs could be had.
        guard fault.status != .misdirectedRequest else {
            return text(fault.message + "\n", "text/plain; charset=utf-8", status: fault.status)
        }
        let parts = request.uri.path.split(separator: "/")
        let run = parts.count > 2 && parts[0] == "runs" ? String(parts[1]) : nil
        return page(FaultPage(fault: fault, hasAccounts: hasAccounts, run: run).frame, status: fault.status)
    }
}
#endif
