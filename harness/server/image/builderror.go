package image

import (
	"encoding/json"
	"errors"
	"io"
)

// buildError reads the engine's account of a build, one JSON object after the
// other, to its end, and returns the error in it, if any.
func buildError(body io.ReadCloser) error {
	defer body.Close()
	decoder := json.NewDecoder(body)
	for {
		var message struct{ Error string }
		switch err := decoder.Decode(&message); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case message.Error != "":
			return errors.New(message.Error)
		}
	}
}
