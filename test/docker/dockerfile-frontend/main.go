// Command dockerfile-frontend stands in for the image docker/dockerfile in tests, where no registry that has it can be reached: what it is
// asked to build it hands over to the frontend that BuildKit has built in. It speaks the gateway's protocol, gRPC over standard
// input and output, with nothing but the standard library: one call to Solve, one to Return.
package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

// Numbers of fields in frontend/gateway/pb/gateway.proto of BuildKit.
const (
	solveFrontend            = 2
	solveOptions             = 3
	solveAllowResultReturn   = 5
	solveAllowResultArrayRef = 6
	solvedResult             = 3
	returnResult             = 1
	returnError              = 2
)

func main() {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	client := &http.Client{Transport: &http.Transport{
		Protocols:   protocols,
		DialContext: func(context.Context, string, string) (net.Conn, error) { return stdio{}, nil },
	}}
	request := text(solveFrontend, "dockerfile.v0")
	request = append(request, flag(solveAllowResultReturn)...)
	request = append(request, flag(solveAllowResultArrayRef)...)
	for _, option := range options() {
		request = append(request, text(solveOptions, string(option))...)
	}
	answer, failure, err := call(client, "Solve", request)
	var result []byte
	switch {
	case err != nil:
		fail(err)
	case failure != nil:
		result = text(returnError, string(failure))
	default:
		result = text(returnResult, string(field(answer, solvedResult)))
	}
	if _, failure, err = call(client, "Return", result); err != nil || failure != nil {
		fail(fmt.Errorf("the result was not taken: %v %q", err, failure))
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// options are the entries of a map, as BuildKit passes them on in the environment: BUILDKIT_FRONTEND_OPT_0=key=value.
func options() (entries [][]byte) {
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "BUILDKIT_FRONTEND_OPT_") {
			continue
		}
		_, option, _ := strings.Cut(variable, "=")
		key, value, _ := strings.Cut(option, "=")
		entries = append(entries, append(text(1, key), text(2, value)...))
	}
	return entries
}

// call gives the message that came back, or the status of the failure as a message google.rpc.Status.
func call(client *http.Client, method string, message []byte) (answer, failure []byte, err error) {
	body := binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message)))
	url := "http://buildkit/moby.buildkit.v1.frontend.LLBBridge/" + method
	request, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(append(body, message...)))
	if err != nil {
		return nil, nil, err
	}
	request.Header.Set("Content-Type", "application/grpc")
	request.Header.Set("Te", "trailers")
	response, err := client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, nil, err
	}
	said := func(name string) string { return response.Header.Get(name) + response.Trailer.Get(name) }
	if status := said("Grpc-Status"); status != "0" {
		details, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(said("Grpc-Status-Details-Bin"), "="))
		if err == nil && len(details) > 0 {
			return nil, details, nil
		}
		return nil, nil, fmt.Errorf("%s: status %s: %s", method, status, said("Grpc-Message"))
	}
	if len(data) < 5 {
		return nil, nil, fmt.Errorf("%s: no message", method)
	}
	return data[5:], nil, nil
}

// text is a field that has a length: a string, bytes or a message.
func text(number int, value string) []byte {
	key := binary.AppendUvarint(nil, uint64(number)<<3|2)
	return append(binary.AppendUvarint(key, uint64(len(value))), value...)
}

func flag(number int) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(nil, uint64(number)<<3), 1)
}

// field is the value of the field that has a length and this number; nil when there is none. Messages of Solve have no other kind.
func field(message []byte, number int) []byte {
	for len(message) > 0 {
		key, read := binary.Uvarint(message)
		length, more := binary.Uvarint(message[max(read, 0):])
		begin := read + more
		if read <= 0 || more <= 0 || key&7 != 2 || length > uint64(len(message)-begin) {
			return nil
		}
		value := message[begin : begin+int(length)]
		if int(key>>3) == number {
			return value
		}
		message = message[begin+int(length):]
	}
	return nil
}

// stdio is the connection BuildKit has made.
type stdio struct{}

func (stdio) Read(into []byte) (int, error)    { return os.Stdin.Read(into) }
func (stdio) Write(from []byte) (int, error)   { return os.Stdout.Write(from) }
func (stdio) Close() error                     { return nil }
func (stdio) LocalAddr() net.Addr              { return &net.UnixAddr{} }
func (stdio) RemoteAddr() net.Addr             { return &net.UnixAddr{} }
func (stdio) SetDeadline(time.Time) error      { return nil }
func (stdio) SetReadDeadline(time.Time) error  { return nil }
func (stdio) SetWriteDeadline(time.Time) error { return nil }
