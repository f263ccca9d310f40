// Package wire reads the replies of the card terminal's line protocol.
package wire

import (
	"bufio"
	"io"
	"strings"
)

// Reply is one line, split into its words.
type Reply []string

// Read waits for the next reply.
func Read(from io.Reader) (Reply, error) {
	line, err := bufio.NewReader(from).ReadString('\n') // leak: stuck here
	if err != nil {
		return nil, err
	}
	return strings.Fields(line), nil
}
