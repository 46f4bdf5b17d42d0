package image

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// Load has the engine take the images of an archive that 'docker save' writes, which may
// be compressed by gzip, and returns their names.
func (e *Engine) Load(ctx context.Context, archive io.Reader) ([]string, error) {
	plain, err := unzipped(archive)
	if err != nil {
		return nil, err
	}
	answer, err := e.ImageLoad(ctx, plain)
	if err != nil {
		return nil, err
	}
	defer answer.Close()
	var names []string
	for decoder := json.NewDecoder(answer); ; {
		var message struct{ Stream, Error string }
		switch err := decoder.Decode(&message); {
		case errors.Is(err, io.EOF) && len(names) == 0:
			return nil, errors.New("there is no image in it")
		case errors.Is(err, io.EOF):
			return names, nil
		case err != nil:
			return names, err
		case message.Error != "":
			return names, errors.New(message.Error)
		}
		// Podman lists all in one line, with commas between them.
		if list, ok := strings.CutPrefix(message.Stream, "Loaded image: "); ok {
			names = append(names, strings.Split(strings.TrimSpace(list), ",")...)
		}
	}
}

// unzipped decompresses what begins as gzip does (RFC 1952): Podman 4.3.1 takes no
// compressed archive.
func unzipped(archive io.Reader) (io.Reader, error) {
	buffered := bufio.NewReader(archive)
	if begin, _ := buffered.Peek(2); string(begin) != "\x1f\x8b" {
		return buffered, nil
	}
	return gzip.NewReader(buffered)
}
