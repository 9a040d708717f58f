from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="selfreview",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="kết thúc lúc"),
        ),
        migrations.AlterField(
            model_name="selfreview",
            name="held_at",
            field=models.DateTimeField(verbose_name="bắt đầu lúc"),
        ),
    ]
