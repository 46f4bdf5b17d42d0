package image

import (
	"context"
	"fmt"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/layout"
)

// Find returns the image to run c in: the public one where the engine has it, its
// lookalike where that was built, or the public one if it can be pulled. Its error is a
// *MissingError, or a *ProcessOnlyError.
func Find(ctx context.Context, engine *Engine, c component.Component) (component.Image, error) {
	image := c.Program.Image
	switch {
	case c.Program.Python != "":
		return image, &ProcessOnlyError{c.Name, "it shares files with others"}
	case image.Name == "":
		return image, &ProcessOnlyError{c.Name, "it names no image"}
	}
	if engine.Has(ctx, image.Name) {
		return image, nil
	}
	missing := &MissingError{Component: c.Name, Public: image.Name}
	if _, _, known := layout.ByImage(image.Name); known && !c.Program.ImageOnly {
		missing.Built = lookalikeName(image.Name)
		if engine.Has(ctx, missing.Built) {
			image.Name = missing.Built
			return image, nil
		}
	}
	if missing.Cause = engine.obtainable(ctx, image); missing.Cause != nil {
		return image, missing
	}
	return image, nil
}

// IsLookalike reports whether an image that the engine has was made by Builder.
func (e *Engine) IsLookalike(ctx context.Context, name string) bool {
	found, err := e.ImageInspect(ctx, name)
	return err == nil && found.Config.Labels[lookalikeLabel] != ""
}

// ProcessOnlyError says that a component doesn't run in containers.
type ProcessOnlyError struct{ Component, Why string }

func (e *ProcessOnlyError) Error() string {
	return e.Component + " runs as a process only: " + e.Why
}

// Hint says what to do about it.
func (e *ProcessOnlyError) Hint() string { return "run all servers as processes: --runtime local" }

// MissingError says that there is no image for a component.
type MissingError struct {
	Component     string
	Public, Built string // the images that were looked for; empty where there can be none
	Cause         error  // why the public one can't be pulled
}

func (e *MissingError) Error() string {
	switch {
	case e.Built == "":
		return fmt.Sprintf("no image for %s: %s can't be pulled (%v), and hoplab can build none", e.Component, e.Public, e.Cause)
	}
	return fmt.Sprintf("no image for %s: %s can't be pulled (%v), and %s is not there", e.Component, e.Public, e.Cause, e.Built)
}

func (e *MissingError) Unwrap() error { return e.Cause }

// Hint says what to do about it.
func (e *MissingError) Hint() string {
	if e.Built == "" {
		return "let the engine pull " + e.Public + ", or take the image over from a machine that can: 'lab images save FILE' there, 'lab images load FILE' here"
	}
	return "'lab dev images build' makes the images without a registry; or run without containers: --runtime local"
}
