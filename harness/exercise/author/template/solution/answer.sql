-- FIXME: our answer, with comments that say why
SELECT 1;
