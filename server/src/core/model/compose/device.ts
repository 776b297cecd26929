/** The short form of `devices` (`source[:target[:permissions]]`), as compose-go's transform/device.go reads it. */
import type { Span } from "../../text/edit.ts";
import { type Fault, misread, pieces, refused, spanOf } from "./fault.ts";

export interface Device {
  readonly source: string;
  /** The source when none is written. In `/dev/a:rwm` it is `rwm`: `docker run` takes that for permissions, compose does not. */
  readonly target: string;
  readonly permissions: string;
  /** A device of the Container Device Interface, `vendor.com/class=name`, instead of a path. */
  readonly cdi: boolean;
  readonly spans: { readonly source: Span; readonly target?: Span; readonly permissions?: Span };
}

/** cdi.IsQualifiedName without a colon in the name: compose splits the text there. */
const CDI = /^[A-Za-z](?:[\w.-]*[A-Za-z0-9])?\/[A-Za-z](?:[\w-]*[A-Za-z0-9])?=[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$/;

export function parseDevice(text: string): Device | Fault {
  const [source, target, permissions, more] = pieces(text, ":");
  if (source === undefined || source.text === "")
    return misread("no device of the host is named", { start: 0, end: text.indexOf(":") + 1 });
  if (more)
    return refused("a device has at most a source, a target and permissions", {
      start: more.start - 1,
      end: text.length,
    });
  const inContainer = target?.text || source.text;
  return {
    source: source.text,
    target: inContainer,
    permissions: permissions?.text ?? "rwm",
    cdi: inContainer === source.text && CDI.test(source.text),
    spans: {
      source: spanOf(source),
      ...(target && target.text !== "" && { target: spanOf(target) }),
      ...(permissions && { permissions: spanOf(permissions) }),
    },
  };
}
