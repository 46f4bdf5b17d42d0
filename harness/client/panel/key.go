package panel

// Key prints the key of a histogram's bucket, which for a date histogram is in
// milliseconds since 1970, as it is in a Point.
func (b Bucket) Key(number float64) string { return b.key(number) }
