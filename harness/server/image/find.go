package image

import (
	"context"
	"fmt"

	"hoplab.example/harness/server/component"
)

// Find returns the image to run c in: a built one where the engine has it, a
// public one that it has, or one that it can pull. Its error is a
// *MissingError.
func Find(ctx context.Context, engine *Engine, c component.Component) (Image, error) {
	published := Image{Image: c.Program.Image}
	missing := &MissingError{Component: c.Name, Public: published.Name}
	if !c.Program.ImageOnly {
		built, err := Built(c)
		if err != nil || engine.Has(ctx, built.Name) {
			return built, err
		}
		if missing.Built = built.Name; published.Name == "" {
			return built, missing
		}
	}
	if engine.Has(ctx, published.Name) {
		return published, nil
	}
	if missing.Cause = engine.CanPull(ctx, published.Name); missing.Cause != nil {
		return published, missing
	}
	return published, nil
}

// MissingError says that there is no image for a component.
type MissingError struct {
	Component     string
	Public, Built string // the images that were looked for; empty where there can be none
	Cause         error  // why the public one can't be pulled
}

func (e *MissingError) Error() string {
	switch {
	case e.Public == "":
		return fmt.Sprintf("%s has no public image, and %s is not there", e.Component, e.Built)
	case e.Built == "":
		return fmt.Sprintf("no image for %s: %s can't be pulled (%v), and no package exists to build one of", e.Component, e.Public, e.Cause)
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
