"""The audit is append-only: a trigger refuses UPDATE and DELETE. (TRUNCATE is taken from the web role, see docs/operations.md.)"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION public.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON core_auditevent
FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
"""
BACKWARDS = """
DROP TRIGGER audit_is_append_only ON core_auditevent;
DROP FUNCTION public.refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
