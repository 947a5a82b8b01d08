-- What is paid once adds up, by the days that each payment bought.

ALTER TABLE payments ADD COLUMN days INTEGER;  -- 0: without end; NULL: as the plan says now
